#!/bin/sh
# Starts a kiosk or a display: Chromium over the whole screen, first with the local page waiting.html, which
# goes on to the kiosk's page as soon as the server answers. A browser that ends is started again.
#
#   start.sh http://mpp.local:8080/kiosk/KIOSK-1
#   start.sh http://mpp.local:8080/display/TV1
#
# The first time, open the device's enrolment link on this PC, or approve its code at /admin.
# MPP_CHROMIUM names another browser; MPP_KIOSK_PROFILE another folder for its cookies.
set -eu

case "${1:-}" in
http://*/kiosk/* | https://*/kiosk/*) page=$1 kind=kiosk ;;
http://*/display/* | https://*/display/*) page=$1 kind=display ;;
*)
    echo "Pemakaian: $0 http://NAMA-SERVER:8080/kiosk/KODE (atau /display/KODE)" >&2
    exit 2
    ;;
esac

here=$(cd "$(dirname "$0")" && pwd)
profile=${MPP_KIOSK_PROFILE:-$HOME/.mpp-$kind}
browser=${MPP_CHROMIUM:-}
for name in chromium chromium-browser google-chrome-stable google-chrome; do
    [ -n "$browser" ] || browser=$(command -v "$name" || true)
done
if [ -z "$browser" ]; then
    echo "Chromium belum terpasang. Pasang dengan: sudo apt install chromium" >&2
    exit 3
fi

# The screen neither sleeps nor shows a pointer; both are optional helpers.
if command -v xset >/dev/null; then xset s off -dpms s noblank || true; fi
if command -v unclutter >/dev/null; then unclutter --timeout 1 & fi

trap 'exit 0' INT TERM
while true; do
    "$browser" --kiosk --no-first-run --no-default-browser-check --noerrdialogs --disable-session-crashed-bubble \
        --disable-pinch --overscroll-history-navigation=0 --disable-translate --password-store=basic \
        --hide-crash-restore-bubble --disable-features=Translate --disable-background-timer-throttling \
        --disable-renderer-backgrounding --disable-backgrounding-occluded-windows \
        --autoplay-policy=no-user-gesture-required --user-data-dir="$profile" \
        "file://$here/waiting.html#$page" || true
    sleep 2
done
