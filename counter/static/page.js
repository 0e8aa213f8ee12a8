// The officer's page: log in, choose a gerai, then follow it. The work itself is office.js.

import { keepAges } from "/shared/ages.js";
import { confirm } from "/shared/ask.js";
import { showLink } from "/shared/banners.js";
import { byId, replace } from "/shared/dom.js";
import { post } from "/shared/http.js";
import { connect } from "/shared/live.js";
import { enter, leave } from "/shared/login.js";
import { t } from "/shared/text.js";
import { chooseGerai } from "./choose.js";
import { listen } from "./keys.js";
import { office } from "./office.js";

const KEPT = "counter.gerai";

enter({ place: byId("gate"), roles: ["officer"], onReady: begin });

function begin(me) {
  const open = me.counters.find((one) => one.code === me.open_counter)?.gerai;
  const wanted = open || sessionStorage.getItem(KEPT);
  const known = me.gerai.find((one) => one.code === wanted) || (me.gerai.length === 1 ? me.gerai[0] : null);
  if (known) return follow(me, known.code);
  byId("choose").hidden = false;
  return replace(byId("choose"), chooseGerai(me.gerai, (code) => follow(me, code)));
}

function changeGerai() {
  sessionStorage.removeItem(KEPT);
  window.location.reload();
}

/** Leaving with a loket open would keep it taken: ask to close it first. */
async function goodbye(counter) {
  if (!counter) return leave();
  if (counter.leg) return confirm(t("counter.leave_title"), t("counter.finish_first"), t("staff.understood"));
  const yes = await confirm(t("counter.leave_title"), t("counter.leave_why", { label: counter.label }), t("counter.close_and_leave"));
  if (!yes) return undefined;
  await post(`/api/v1/counters/${encodeURIComponent(counter.code)}/close`);
  return leave();
}

function follow(me, gerai) {
  sessionStorage.setItem(KEPT, gerai);
  const here = office(me, { changeGerai, leave: goodbye });
  byId("strip").hidden = false;
  connect({
    room: `gerai:${gerai}`,
    onView: (view) => here.take(view.data),
    onLink: (link) => {
      if (link.refused === 401) window.location.reload();
      showLink(link);
      here.setUp(link.up);
    },
  });
  listen(here.acts, here.pressed);
  keepAges(here.tick);
}
