"""Audio elements that only pretend to sound, for pages whose clock is run faster than sound can be heard."""

from __future__ import annotations

# What was played stands in <html data-said>, so that a page without modern features can be asked.
# `__length_s` may be changed; `__mode` is ok, forbid, error, endless or dead (the chime fails too).
PRETEND = """
  window.__length_s = 3; window.__mode = "ok";
  (function () {
    var own = HTMLMediaElement.prototype, root = document.documentElement;
    function say(word) {
      root = document.documentElement;
      root.setAttribute("data-said", ((root.getAttribute("data-said") || "") + " " + word).trim());
    }
    Object.defineProperty(own, "src", { get: function () { return this.__src || ""; }, set: function (url) { this.__src = url; } });
    Object.defineProperty(own, "duration", { get: function () { return window.__length_s; } });
    Object.defineProperty(own, "paused", { get: function () { return !this.__on; } });
    own.pause = function () { clearTimeout(this.__timer); this.__on = false; };
    own.play = function () {
      var self = this, name = (/([^/?]*)\\.wav/.exec(this.src) || [])[1];
      if (window.__mode === "forbid") return undefined;
      this.__on = true;
      if (!name) return undefined; // asked only whether it would be allowed
      if (this.volume > 0) say(name);
      clearTimeout(this.__timer);
      setTimeout(function () { if (self.onplaying) self.onplaying(); }, 10);
      if (window.__mode === "endless" && name !== "chime") return undefined;
      this.__timer = setTimeout(function () {
        self.__on = false;
        if (window.__mode === "dead" || window.__mode === "error" && name !== "chime") { if (self.onerror) self.onerror(); }
        else if (self.onended) self.onended();
      }, window.__length_s * 1000);
      return undefined;
    };
  })();
"""
