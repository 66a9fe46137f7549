(function () {
"use strict";
/* The page reads whole without this script. It adds the map that moves, and opens every table for print. */

var data = JSON.parse(document.getElementById("map-data").textContent);
var byId = function (id) { return document.getElementById(id); };

function bytes(text) {
  var raw = atob(text), out = new Uint8Array(raw.length);
  for (var i = 0; i < raw.length; i += 1) { out[i] = raw.charCodeAt(i); }
  return out.buffer;
}

function figures(value, digits) {
  if (value === 0) { return "0"; }
  if (Math.abs(value) >= 1000) { return Math.round(value).toLocaleString("en"); }
  return String(parseFloat(value.toPrecision(digits || 3))).replace("-", "−");
}

function polygons() {
  var c = data.cells, xy = new Int32Array(bytes(c.coordinates)), ringSizes = new Uint32Array(bytes(c.ring_sizes));
  var partSizes = new Uint32Array(bytes(c.part_sizes)), cellSizes = new Uint32Array(bytes(c.cell_sizes));
  var point = 0, ring = 0, part = 0;
  return Array.from(cellSizes, function (parts, cell) {
    var shape = [];
    for (var p = 0; p < parts; p += 1, part += 1) {
      var rings = [];
      for (var r = 0; r < partSizes[part]; r += 1, ring += 1) {
        var line = [];
        for (var i = 0; i < ringSizes[ring]; i += 1, point += 1) {
          line.push([xy[2 * point] / 1e6, xy[2 * point + 1] / 1e6]);
        }
        line.push(line[0]);
        rings.push(line);
      }
      shape.push(rings);
    }
    return { type: "Feature", id: cell, properties: {}, geometry: { type: "MultiPolygon", coordinates: shape } };
  });
}

var count = data.cells.ids.length, last = data.periods.length - 1;
var area = new Float32Array(bytes(data.area_km2));
var state = { category: 0, forecaster: 0, layer: "mean", period: last, cell: -1 };
var store = new Map();

function read(key, make) {
  if (!store.has(key)) { store.set(key, make()); }
  return store.get(key);
}

function observed(cell) {
  var category = data.categories[state.category];
  var all = read("o" + state.category, function () {
    var buffer = bytes(category.observed.values);
    return category.observed.kind === "u1" ? new Uint8Array(buffer) : new Uint32Array(buffer);
  });
  return all[state.period * count + cell];
}

function expected(cell) {
  var mean = data.categories[state.category].means[state.forecaster];
  if (!mean) { return NaN; }
  var steps = read("m" + state.category + "." + state.forecaster, function () {
    return new Uint16Array(bytes(mean.steps));
  });
  return mean.small * Math.expm1(steps[state.period * count + cell] * mean.width);
}

function value(cell) {
  if (state.layer === "mean") { return expected(cell); }
  return state.layer === "observed" ? observed(cell) : observed(cell) - expected(cell);
}

function scale() { return data.categories[state.category].scales[state.layer]; }

function classOf(number, breaks) {
  var place = 0;
  while (place < breaks.length && number >= breaks[place]) { place += 1; }
  return place;
}

function text(parent, tag, words) {
  var element = document.createElement(tag);
  element.textContent = words;
  parent.appendChild(element);
  return element;
}

/* Controls */

function options(select, names) {
  select.textContent = "";
  names.forEach(function (name, place) { text(select, "option", name).value = String(place); });
}

function forecasterNames() {
  return data.categories[state.category].means.map(function (mean) {
    return mean.forecaster + (mean.forecaster === data.words.reference ? " (the reference)" : "");
  });
}

function title() {
  var category = data.categories[state.category].name;
  var who = data.categories[state.category].means[state.forecaster];
  var name = who ? who.forecaster : "";
  var words = { mean: "expected by " + name, observed: "recorded", difference: "recorded less expected by " + name };
  return category + ", " + words[state.layer];
}

function legend() {
  var box = byId("map-legend"), current = scale();
  box.textContent = "";
  text(box, "strong", title());
  text(box, "div", data.words.unit);
  var list = text(box, "ul", "");
  current.labels.forEach(function (label, place) {
    var item = text(list, "li", ""), swatch = text(item, "span", "");
    swatch.className = "swatch";
    swatch.style.backgroundColor = current.colours[place];
    text(item, "span", label);
  });
}

function readout() {
  var cell = state.cell;
  if (cell < 0) { return; }
  var gap = observed(cell) - expected(cell);
  byId("map-readout").textContent = "Cell " + data.cells.ids[cell] + " (" + figures(area[cell]) + " km²): expected " +
    figures(expected(cell)) + ", recorded " + observed(cell) + ", difference " + (gap > 0 ? "+" : "") + figures(gap) +
    "; " + data.words.unit + ", " + data.periods[state.period] + ".";
}

function largest() {
  var order = Array.from({ length: count }, function (_, cell) { return cell; });
  var means = order.map(expected);
  order.sort(function (a, b) { return means[b] - means[a] || a - b; });
  var table = byId("map-table"), body = table.querySelector("tbody");
  var who = data.categories[state.category].means[state.forecaster];
  table.querySelector("caption").textContent = data.categories[state.category].name + ", " + data.periods[state.period] +
    ": the cells with the largest counts expected by " + (who ? who.forecaster : "nobody");
  body.textContent = "";
  order.slice(0, 20).forEach(function (cell) {
    var row = text(body, "tr", ""), gap = observed(cell) - expected(cell);
    text(row, "th", data.cells.ids[cell]).scope = "row";
    [figures(expected(cell)), String(observed(cell)), (gap > 0 ? "+" : "") + figures(gap), figures(area[cell])]
      .forEach(function (words) { text(row, "td", words); });
    var holder = text(row, "td", "");
    holder.className = "on-screen";
    var button = text(holder, "button", "show");
    button.type = "button";
    button.className = "find";
    button.setAttribute("aria-label", "Show cell " + data.cells.ids[cell] + " on the map");
    button.addEventListener("click", function () { pick(cell); if (show) { show(cell); } });
  });
}

var paint = null, mark = null, show = null;

function update() {
  byId("map-period-name").textContent = data.periods[state.period];
  byId("map-period").setAttribute("aria-valuetext", data.periods[state.period]);
  legend();
  largest();
  readout();
  if (paint) { paint(); }
}

function pick(cell) {
  state.cell = cell;
  readout();
  if (mark) { mark(cell); }
}

function controls() {
  var category = byId("map-category"), forecaster = byId("map-forecaster"), period = byId("map-period");
  options(category, data.categories.map(function (c) { return c.name; }));
  options(forecaster, forecasterNames());
  data.categories[0].means.some(function (mean, place) {
    state.forecaster = place;
    return mean.forecaster !== data.words.reference;
  });
  forecaster.value = String(state.forecaster);
  period.max = String(last);
  period.value = String(last);
  category.addEventListener("change", function () {
    var who = data.categories[state.category].means[state.forecaster], name = who ? who.forecaster : "";
    state.category = Number(category.value);
    /* The same forecaster again; the first where it has no forecast of this category. */
    state.forecaster = Math.max(data.categories[state.category].means.findIndex(function (mean) {
      return mean.forecaster === name;
    }), 0);
    options(forecaster, forecasterNames());
    forecaster.value = String(state.forecaster);
    update();
  });
  forecaster.addEventListener("change", function () { state.forecaster = Number(forecaster.value); update(); });
  period.addEventListener("input", function () { state.period = Number(period.value); update(); });
  document.querySelectorAll('input[name="layer"]').forEach(function (radio) {
    radio.addEventListener("change", function () { state.layer = radio.value; update(); });
  });
  byId("map-controls").addEventListener("submit", function (event) { event.preventDefault(); });
}

/* The map */

function hasWebGL() {
  try {
    var canvas = document.createElement("canvas");
    return Boolean(canvas.getContext("webgl2") || canvas.getContext("webgl"));
  } catch (error) {
    return false;
  }
}

function draw() {
  var features = polygons(), b = data.cells.bounds;
  /* Room enough that a tall or a wide area fits the window with its padding. */
  var pad = 2 * Math.max(b[2] - b[0], b[3] - b[1]) + 0.01;
  var empty = { type: "FeatureCollection", features: [] };
  /* The zoom at which a cell of the usual size is some 12 pixels wide: outlines fade in there. */
  var usual = Math.sqrt(Array.from(area).sort(function (a, b) { return a - b; })[Math.floor(count / 2)]) / 111.32;
  var wide = Math.log2(12 * 360 / (512 * Math.max(usual, 1e-6)));
  var map = new maplibregl.Map({
    container: "map-canvas",
    attributionControl: false,
    cooperativeGestures: true,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    renderWorldCopies: false,
    fadeDuration: 0,
    maxZoom: 17,
    bounds: [[b[0], b[1]], [b[2], b[3]]],
    fitBoundsOptions: { padding: 28 },
    maxBounds: [[b[0] - pad, b[1] - pad], [b[2] + pad, b[3] + pad]],
    locale: { "Map.Title": "Map of the cells. Arrow keys move it, plus and minus zoom." },
    style: {
      version: 8,
      sources: {
        cells: { type: "geojson", tolerance: 0.05, buffer: 8, maxzoom: 15, data: { type: "FeatureCollection", features: features } },
        picked: { type: "geojson", data: empty }
      },
      layers: [
        { id: "ground", type: "background", paint: { "background-color": "#ffffff" } },
        { id: "cells", type: "fill", source: "cells", paint: { "fill-color": "#f4f4f4", "fill-antialias": false } },
        { id: "edges", type: "line", source: "cells", paint: { "line-color": "#5f6b76", "line-width": 0.8,
          "line-opacity": ["interpolate", ["linear"], ["zoom"], wide - 1.5, 0, wide + 0.5, 0.4] } },
        { id: "picked-under", type: "line", source: "picked", paint: { "line-color": "#ffffff", "line-width": 5 } },
        { id: "picked", type: "line", source: "picked", paint: { "line-color": "#000000", "line-width": 2.5 } }
      ]
    }
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 120 }), "bottom-right");

  function colour() {
    var current = scale(), rule = current.colours[0];
    if (current.breaks.length) {
      rule = ["step", ["coalesce", ["feature-state", "place"], 0], current.colours[0]];
      current.colours.slice(1).forEach(function (shade, place) { rule.push(place + 1, shade); });
    }
    for (var cell = 0; cell < count; cell += 1) {
      map.setFeatureState({ source: "cells", id: cell }, { place: classOf(value(cell), current.breaks) });
    }
    map.setPaintProperty("cells", "fill-color", rule);
  }
  mark = function (cell) {
    map.getSource("picked").setData(cell < 0 ? empty : features[cell]);
  };
  show = function (cell) {
    var ring = features[cell].geometry.coordinates[0][0];
    map.jumpTo({ center: ring[0], zoom: Math.max(map.getZoom(), 12) });
    byId("map-box").scrollIntoView({ block: "nearest" });
  };
  function at(point) {
    var found = map.queryRenderedFeatures(point, { layers: ["cells"] });
    return found.length ? found[0].id : -1;
  }
  map.on("mousemove", function (event) {
    var cell = at(event.point);
    if (cell >= 0 && cell !== state.cell) { pick(cell); }
  });
  map.on("click", function (event) { pick(at(event.point)); });
  var canvas = map.getCanvas(), box = byId("map-canvas");
  canvas.addEventListener("keydown", function () { box.classList.add("reading"); });
  canvas.addEventListener("blur", function () { box.classList.remove("reading"); });
  map.on("mousedown", function () { box.classList.remove("reading"); });
  map.on("moveend", function () {
    if (box.classList.contains("reading")) {
      var cell = at([canvas.clientWidth / 2, canvas.clientHeight / 2]);
      if (cell >= 0) { pick(cell); }
    }
  });
  map.once("load", function () {
    paint = colour;
    colour();
    document.documentElement.classList.add("map-works");
  });
  map.on("webglcontextlost", function () { document.documentElement.classList.remove("map-works"); });
}

function withoutMap() {
  byId("map-box").hidden = true;
  byId("map-help").hidden = true;
  byId("map-table").classList.add("no-map");
}

controls();
byId("explorer").hidden = false;
if (count && data.categories.length && hasWebGL()) {
  try { draw(); } catch (error) { withoutMap(); }
} else {
  withoutMap();
}
update();

/* Print opens what is folded, and folds it again. */

var folded = [];
window.addEventListener("beforeprint", function () {
  folded = Array.from(document.querySelectorAll("details:not([open]):not(.on-screen)"));
  folded.forEach(function (details) { details.open = true; });
});
window.addEventListener("afterprint", function () {
  folded.forEach(function (details) { details.open = false; });
});
}());
