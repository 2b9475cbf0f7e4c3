{% load static %}// Shows /offline/ when a page cannot be fetched. It keeps that page and its look, never anybody's data.
"use strict";
const CACHE = "offline-1";
const PAGE = "{% url "ui:offline" %}";
const LOOK = [
  "{% static "css/base.css" %}",
  "{% static "css/tokens.css" %}",
  "{% static "css/layout.css" %}",
  "{% static "css/components.css" %}",
  "{% static "css/screens.css" %}",
  "{% static "logo.svg" %}",
];

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([PAGE, ...LOOK])));
});
addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))));
  event.waitUntil(old.then(() => clients.claim()));
});
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(fetch(request).catch(() => caches.match(PAGE)));
  } else if (LOOK.includes(new URL(request.url).pathname)) {
    event.respondWith(fetch(request).catch(() => caches.match(request)));
  }
});
