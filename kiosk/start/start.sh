#!/bin/sh
# Starts a kiosk: Chromium over the whole screen, first with the local page waiting.html, which
# goes on to the kiosk's page as soon as the server answers. A browser that ends is started again.
#
#   start.sh http://mpp.local:8080/kiosk/KIOSK-1
#
# The first time, open the kiosk's enrolment link on this PC, or approve its code at /admin.
# MPP_CHROMIUM names another browser; MPP_KIOSK_PROFILE another folder for its cookies.
set -eu

case "${1:-}" in
http://*/kiosk/* | https://*/kiosk/*) page=$1 ;;
*)
    echo "Pemakaian: $0 http://NAMA-SERVER:8080/kiosk/KODE" >&2
    exit 2
    ;;
esac

here=$(cd "$(dirname "$0")" && pwd)
profile=${MPP_KIOSK_PROFILE:-$HOME/.mpp-kiosk}
browser=${MPP_CHROMIUM:-}
for name in chromium chromium-browser google-chrome-stable google-chrome; do
    [ -n "$browser" ] || browser=$(command -v "$name" || true)
done
if [ -z "$browser" ]; then
    echo "Chromium belum terpasang. Pasang dengan: sudo apt install chromium" >&2
    exit 3
fi

# The screen of a kiosk neither sleeps nor shows a pointer; both are optional helpers.
if command -v xset >/dev/null; then xset s off -dpms s noblank || true; fi
if command -v unclutter >/dev/null; then unclutter --timeout 1 & fi

trap 'exit 0' INT TERM
while true; do
    "$browser" --kiosk --no-first-run --no-default-browser-check --noerrdialogs --disable-session-crashed-bubble \
        --disable-pinch --overscroll-history-navigation=0 --disable-translate --password-store=basic \
        --autoplay-policy=no-user-gesture-required --user-data-dir="$profile" \
        "file://$here/waiting.html#$page" || true
    sleep 2
done
