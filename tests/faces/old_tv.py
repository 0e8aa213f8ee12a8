"""A browser of 2017 in the place of Chromium."""

from __future__ import annotations

# Playwright's own scripts run before or apart from the page's.
WITHOUT = """
  ["fetch", "WebSocket", "EventSource", "Promise", "Map", "Set", "WeakMap", "WeakSet", "Symbol", "Proxy", "Reflect", "URL",
   "URLSearchParams", "AbortController", "AudioContext", "Intl", "structuredClone", "queueMicrotask", "customElements",
   "ResizeObserver", "IntersectionObserver", "BroadcastChannel"].forEach(function (name) { delete window[name]; });
  ["from", "of"].forEach(function (name) { delete Array[name]; });
  ["assign", "entries", "values", "fromEntries"].forEach(function (name) { delete Object[name]; });
  ["includes", "find", "findIndex", "flat", "flatMap", "fill", "at"].forEach(function (name) { delete Array.prototype[name]; });
  ["includes", "startsWith", "endsWith", "padStart", "padEnd", "repeat", "replaceAll", "matchAll", "at"]
    .forEach(function (name) { delete String.prototype[name]; });
  delete NodeList.prototype.forEach;
  ["append", "prepend", "remove", "closest", "matches", "replaceChildren"].forEach(function (name) { delete Element.prototype[name]; });
  Object.defineProperty(CSS, "supports", { value: function () { return false; } });
"""
