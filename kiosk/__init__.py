"""The kiosk's page: a visitor touches a service and gets a number."""
