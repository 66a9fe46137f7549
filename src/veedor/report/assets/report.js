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

function figures(value) {
  var large = Math.abs(value) >= 1000;
  return value.toLocaleString(document.documentElement.lang || "en",
    large ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 }).replace("-", "−");
}

/* Millionths of a degree as fractions of the world in the projection of web maps: x to the east, y to the south. */

function eastward(longitude) { return longitude / 36e7 + 0.5; }

function southward(latitude) {
  var sine = Math.sin(latitude / 1e6 * Math.PI / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

function outlines(packed) {
  var xy = new Int32Array(bytes(packed.coordinates)), ringSizes = new Uint32Array(bytes(packed.ring_sizes));
  var partSizes = new Uint32Array(bytes(packed.part_sizes)), shapeSizes = new Uint32Array(bytes(packed.shape_sizes));
  var many = shapeSizes.length, total = xy.length / 2;
  var x = new Float64Array(total), y = new Float64Array(total);
  for (var i = 0; i < total; i += 1) {
    x[i] = eastward(xy[2 * i]);
    y[i] = southward(xy[2 * i + 1]);
  }
  /* The rings of a shape are those from rings[shape] on; the points of a ring those from points[ring] on. */
  var points = new Uint32Array(ringSizes.length + 1), rings = new Uint32Array(many + 1), part = 0;
  ringSizes.forEach(function (size, ring) { points[ring + 1] = points[ring] + size; });
  for (var shape = 0; shape < many; shape += 1) {
    rings[shape + 1] = rings[shape];
    for (var k = 0; k < shapeSizes[shape]; k += 1, part += 1) { rings[shape + 1] += partSizes[part]; }
  }
  var box = new Float64Array(4 * many);
  for (shape = 0; shape < many; shape += 1) {
    var first = points[rings[shape]], west = x[first], east = west, north = y[first], south = north;
    for (i = first; i < points[rings[shape + 1]]; i += 1) {
      west = Math.min(west, x[i]);
      east = Math.max(east, x[i]);
      north = Math.min(north, y[i]);
      south = Math.max(south, y[i]);
    }
    box.set([west, north, east, south], 4 * shape);
  }
  return { count: many, x: x, y: y, points: points, rings: rings, box: box };
}

/* Which shape each pixel of a view lies in, -1 for none. A view has width, height, and how a fraction of the world
   becomes a pixel: (x * scale - left, y * scale - top). */

function raster(shapes, view) {
  var ids = new Int32Array(view.width * view.height).fill(-1), crossings = [];
  for (var shape = 0; shape < shapes.count; shape += 1) {
    var top = Math.max(0, Math.ceil(shapes.box[4 * shape + 1] * view.scale - view.top - 0.5));
    var bottom = Math.min(view.height - 1, Math.ceil(shapes.box[4 * shape + 3] * view.scale - view.top - 1.5));
    if (bottom < top || shapes.box[4 * shape + 2] * view.scale < view.left ||
        shapes.box[4 * shape] * view.scale > view.left + view.width) { continue; }
    for (var row = 0; row <= bottom - top; row += 1) { (crossings[row] = crossings[row] || []).length = 0; }
    for (var ring = shapes.rings[shape]; ring < shapes.rings[shape + 1]; ring += 1) {
      var end = shapes.points[ring + 1], from = end - 1;
      for (var to = shapes.points[ring]; to < end; from = to, to += 1) {
        var upper = shapes.y[from] < shapes.y[to] ? from : to, lower = upper === from ? to : from;
        var y0 = shapes.y[upper] * view.scale - view.top, y1 = shapes.y[lower] * view.scale - view.top;
        var x0 = shapes.x[upper] * view.scale - view.left, x1 = shapes.x[lower] * view.scale - view.left;
        var last = Math.min(bottom, Math.ceil(y1 - 1.5));
        for (var line = Math.max(top, Math.ceil(y0 - 0.5)); line <= last; line += 1) {
          crossings[line - top].push(x0 + (line + 0.5 - y0) / (y1 - y0) * (x1 - x0));
        }
      }
    }
    for (row = 0; row <= bottom - top; row += 1) {
      var found = crossings[row].sort(ascending), start = (top + row) * view.width;
      for (var pair = 0; pair + 1 < found.length; pair += 2) {
        var left = Math.max(0, Math.ceil(found[pair] - 0.5));
        var right = Math.min(view.width, Math.ceil(found[pair + 1] - 0.5));
        if (left < right) { ids.fill(shape, start + left, start + right); }
      }
    }
  }
  return ids;
}

function ascending(a, b) { return a - b; }

var count = data.ids.length, last = data.periods.length - 1;
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

/* Words, with what they leave open in braces. */
function say(key, values) {
  return data.words[key].replace(/\{(\w+)\}/g, function (_, name) { return values[name]; });
}

function forecasterName() { return data.categories[state.category].forecasters[state.forecaster] || data.words.nobody; }

function forecasterNames() {
  return data.categories[state.category].forecasters.map(function (name) {
    return name === data.words.reference ? say("is_reference", { forecaster: name }) : name;
  });
}

function middle(cell) {
  return read("p", function () { return new Int32Array(bytes(data.places.middles)); }).subarray(2 * cell, 2 * cell + 2);
}

function coordinates(cell) {
  return Array.from(middle(cell), function (part) { return (part / 1e4).toFixed(4); }).join(", ");
}

function streetsOf(cell) {
  var all = read("s", function () { return new Int32Array(bytes(data.places.of_cell)); }), many = all.length / count;
  return Array.from(all.subarray(many * cell, many * (cell + 1))).filter(function (street) { return street >= 0; });
}

/* The place of a cell by its zone and streets; empty where neither is known. */
function placeOf(cell) {
  var zone = zoneOf(cell), names = streetsOf(cell).map(function (street) { return data.places.streets[street]; });
  var crossed = read("c", function () { return new Uint8Array(bytes(data.places.crossed)); })[cell];
  if (!zone && !names.length) { return ""; }
  return say((zone ? "zone_" : "alone_") + (names.length ? crossed ? "at" : "near" : "none"), {
    zone: zone, streets: names.length > 1 ? say("both", { one: names[0], other: names[1] }) : names[0]
  });
}

function place(cell) {
  var told = placeOf(cell);
  return say(told ? "cell_in" : "cell", { cell: data.ids[cell], place: told, coordinates: coordinates(cell) });
}

function zoneOf(cell) {
  return !data.zones ? "" : data.zones.names[read("z", function () { return new Int32Array(bytes(data.zones.of_cell)); })[cell]] || "";
}

function signed(gap) { return (gap > 0 ? "+" : "") + figures(gap); }

function title() {
  var words = { mean: "expected_by", observed: "recorded", difference: "difference_from" };
  return say(words[state.layer], { category: data.categories[state.category].name, forecaster: forecasterName() });
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
  if (cell < 0) {
    byId("map-readout").textContent = data.words.point;
    return;
  }
  byId("map-readout").textContent = say("reading", {
    place: place(cell), area: figures(area[cell]), expected: figures(expected(cell)), recorded: figures(observed(cell)),
    difference: signed(observed(cell) - expected(cell)), unit: data.words.unit, period: data.periods[state.period]
  });
}

function largest() {
  if (!byId("map-largest").open) { return; }
  var order = Array.from({ length: count }, function (_, cell) { return cell; });
  var means = order.map(expected);
  order.sort(function (a, b) { return means[b] - means[a] || a - b; });
  var table = byId("map-table"), body = table.querySelector("tbody");
  table.querySelector("caption").textContent = say("largest", {
    category: data.categories[state.category].name, period: data.periods[state.period], forecaster: forecasterName()
  });
  body.textContent = "";
  order.slice(0, 20).forEach(function (cell) {
    var row = text(body, "tr", "");
    text(row, "th", data.ids[cell]).scope = "row";
    [placeOf(cell), coordinates(cell), figures(expected(cell)), figures(observed(cell)),
      signed(observed(cell) - expected(cell)), figures(area[cell])]
      .forEach(function (words) { text(row, "td", words); });
    var holder = text(row, "td", "");
    holder.className = "on-screen";
    var button = text(holder, "button", data.words.show);
    button.type = "button";
    button.className = "find";
    button.setAttribute("aria-label", say("show_cell", { cell: data.ids[cell] }));
    button.addEventListener("click", function () { go([cell]); });
  });
}

/* A search: zones, streets and cells by name, and the cell at coordinates. */

function plain(words) { return words.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/\u2212/g, "-").toLowerCase().trim(); }

function ground() { return read("g", function () { return outlines(data.cells); }); }

/* The cell at a latitude and longitude, -1 for none: a line to the east crosses its outline an odd number of times. */
function cellOn(lat, lon) {
  var shapes = ground(), x = eastward(1e6 * lon), y = southward(1e6 * lat);
  for (var shape = 0; shape < shapes.count; shape += 1) {
    var inside = false;
    for (var ring = shapes.rings[shape]; ring < shapes.rings[shape + 1]; ring += 1) {
      var end = shapes.points[ring + 1], from = end - 1;
      for (var to = shapes.points[ring]; to < end; from = to, to += 1) {
        if ((shapes.y[to] > y) !== (shapes.y[from] > y) &&
            x < shapes.x[to] + (y - shapes.y[to]) / (shapes.y[from] - shapes.y[to]) * (shapes.x[from] - shapes.x[to])) {
          inside = !inside;
        }
      }
    }
    if (inside) { return shape; }
  }
  return -1;
}

/* All that has a name: what it is, and a test of which cells it is. */
function entries() {
  return read("e", function () {
    var all = data.places.streets.map(function (name, street) {
      return { kind: "is_street", name: name, holds: function (cell) { return streetsOf(cell).indexOf(street) >= 0; } };
    });
    if (data.zones) {
      Array.from(new Set(data.zones.names)).filter(Boolean).forEach(function (name) {
        all.push({ kind: "is_zone", name: name, holds: function (cell) { return zoneOf(cell) === name; } });
      });
    }
    data.ids.forEach(function (name, one) {
      all.push({ kind: "is_cell", name: name, holds: function (cell) { return cell === one; } });
    });
    all.forEach(function (entry) { entry.plain = plain(entry.name); });
    return all;
  });
}

function find(asked) {
  var wanted = plain(asked), at = /^(-?\d+(?:\.\d+)?)(?:\s*[,;]\s*|\s+)(-?\d+(?:\.\d+)?)$/.exec(wanted);
  if (at) {
    var cell = cellOn(Number(at[1]), Number(at[2]));
    return cell < 0 ? [] : [{ kind: "is_coordinates", name: asked.trim(), holds: function (one) { return one === cell; } }];
  }
  var ranked = [[], [], []];
  if (wanted) {
    entries().forEach(function (entry) {
      var where = entry.plain.indexOf(wanted);
      if (where >= 0) { ranked[entry.plain === wanted ? 0 : where === 0 ? 1 : 2].push(entry); }
    });
  }
  return ranked[0].concat(ranked[1], ranked[2]);
}

/* Show some cells, and read out the one of them with the most expected. */
function go(cells) {
  pick(cells.reduce(function (best, cell) { return expected(cell) > expected(best) ? cell : best; }));
  if (show) { show(cells); }
}

function search() {
  var list = byId("map-matches"), box = byId("map-search"), matches = find(box.value);
  list.textContent = "";
  byId("map-found").textContent = plain(box.value) && !matches.length ? data.words.none_found : "";
  matches.slice(0, 8).forEach(function (entry) {
    var button = text(text(list, "li", ""), "button", say(entry.kind, { name: entry.name }));
    button.type = "button";
    button.className = "find";
    button.addEventListener("click", function () {
      byId("map-found").textContent = say("found", { names: button.textContent });
      go(data.ids.map(function (_, cell) { return cell; }).filter(entry.holds));
    });
  });
  list.hidden = !matches.length;
}

function reset() {
  byId("map-search").value = "";
  search();
  pick(-1);
  if (whole) { whole(); }
}

var paint = null, mark = null, show = null, whole = null;

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
  state.forecaster = Math.max(data.categories[0].forecasters.findIndex(function (name) {
    return name !== data.words.reference;
  }), 0);
  forecaster.value = String(state.forecaster);
  period.max = String(last);
  period.value = String(last);
  category.addEventListener("change", function () {
    var name = forecasterName();
    state.category = Number(category.value);
    /* The same forecaster again; the first where it has no forecast of this category. */
    state.forecaster = Math.max(data.categories[state.category].forecasters.indexOf(name), 0);
    options(forecaster, forecasterNames());
    forecaster.value = String(state.forecaster);
    update();
  });
  forecaster.addEventListener("change", function () { state.forecaster = Number(forecaster.value); update(); });
  period.addEventListener("input", function () { state.period = Number(period.value); update(); });
  document.querySelectorAll('input[name="layer"]').forEach(function (radio) {
    radio.addEventListener("change", function () { state.layer = radio.value; update(); });
  });
  byId("map-largest").addEventListener("toggle", largest);
  byId("map-controls").addEventListener("submit", function (event) {
    event.preventDefault();
    var first = byId("map-matches").querySelector("button");
    if (first) { first.click(); }
  });
  byId("map-search").addEventListener("input", search);
  byId("map-reset").addEventListener("click", reset);
}

/* The map */

function draw() {
  var cells = ground(), zones = data.zones ? outlines(data.zones.outlines) : null;
  var b = data.cells.bounds, corners = L.latLngBounds([b[1], b[0]], [b[3], b[2]]);
  var box = byId("map-canvas"), touch = window.matchMedia("(pointer: coarse)").matches;
  /* With a finger the page scrolls, with two the map moves; the wheel zooms while Ctrl is held. */
  var map = L.map(box, {
    attributionControl: false, zoomControl: false, zoomAnimation: false, inertia: false, zoomSnap: 0, maxZoom: 17,
    dragging: !touch, scrollWheelZoom: false, maxBounds: corners.pad(1), maxBoundsViscosity: 1
  });
  box.addEventListener("wheel", function (event) {
    map.scrollWheelZoom[event.ctrlKey || event.metaKey ? "enable" : "disable"]();
  }, { capture: true, passive: false });
  whole = function () { map.fitBounds(corners, { padding: [20, 20], animate: false }); };
  whole();
  L.control.zoom({ position: "topright", zoomInTitle: data.words.zoom_in, zoomOutTitle: data.words.zoom_out }).addTo(map);
  L.control.scale({ position: "bottomright", imperial: false }).addTo(map);

  var Ground = L.Layer.extend({
    onAdd: function () {
      this.fills = L.DomUtil.create("canvas", "", this.getPane());
      this.lines = L.DomUtil.create("canvas", "", this.getPane());
      this.look();
    },
    getEvents: function () { return { moveend: this.look, zoom: this.look, resize: this.look, move: this.follow }; },

    /* Lay out the view, a margin around it, so that a drag need not draw. */
    look: function () {
      var size = map.getSize(), margin = size.multiplyBy(0.2).round(), whole = size.add(margin.multiplyBy(2));
      if (!size.x || !size.y) { return; }
      var sharp = window.devicePixelRatio || 1, corner = map.getPixelBounds().min.subtract(margin);
      var at = map.containerPointToLayerPoint(margin.multiplyBy(-1));
      this.margin = margin;
      this.at = at;
      this.view = {
        width: Math.round(whole.x * sharp), height: Math.round(whole.y * sharp), sharp: sharp,
        scale: 256 * Math.pow(2, map.getZoom()) * sharp, left: corner.x * sharp, top: corner.y * sharp
      };
      [this.fills, this.lines].forEach(function (canvas) {
        canvas.width = this.view.width;
        canvas.height = this.view.height;
        canvas.style.width = whole.x + "px";
        canvas.style.height = whole.y + "px";
        L.DomUtil.setPosition(canvas, at);
      }, this);
      this.ids = raster(cells, this.view);
      this.fill();
      this.outline();
    },
    follow: function () {
      var gone = map.containerPointToLayerPoint([0, 0]).subtract(this.at).subtract(this.margin);
      if (Math.abs(gone.x) > this.margin.x || Math.abs(gone.y) > this.margin.y) { this.look(); }
    },

    /* Colour each pixel by the class of its cell; outlines where cells are wide enough to tell apart. */
    fill: function () {
      var ids = this.ids, width = this.view.width, context = this.fills.getContext("2d");
      var image = context.createImageData(width, this.view.height), pixels = new Uint32Array(image.data.buffer);
      var current = scale(), shades = current.colours.map(shade), edges = current.colours.map(edge);
      var classes = new Uint8Array(count), wide = usual * this.view.scale > 12 * this.view.sharp;
      for (var cell = 0; cell < count; cell += 1) { classes[cell] = classOf(value(cell), current.breaks); }
      for (var pixel = 0; pixel < ids.length; pixel += 1) {
        cell = ids[pixel];
        if (cell >= 0) {
          var onEdge = wide && (ids[pixel - 1] !== cell || ids[pixel - width] !== cell);
          pixels[pixel] = (onEdge ? edges : shades)[classes[cell]];
        }
      }
      context.putImageData(image, 0, 0);
    },

    /* Outlines and names of zones, and the cell that was picked. */
    outline: function () {
      var context = this.lines.getContext("2d"), view = this.view;
      context.clearRect(0, 0, view.width, view.height);
      context.lineJoin = "round";
      if (data.base) { base(context, view); }
      if (zones) {
        stroke(context, view, zones, 0, zones.count, "#33414e", 1);
        names(context, view);
      }
      if (state.cell >= 0) {
        stroke(context, view, cells, state.cell, state.cell + 1, "#ffffff", 5);
        stroke(context, view, cells, state.cell, state.cell + 1, "#000000", 2.5);
      }
    },
    cellAt: function (point) {
      var place = map.containerPointToLayerPoint(point).subtract(this.at).multiplyBy(this.view.sharp).floor();
      var inside = place.x >= 0 && place.y >= 0 && place.x < this.view.width && place.y < this.view.height;
      return inside ? this.ids[place.y * this.view.width + place.x] : -1;
    }
  });

  /* The lines of the base layer. */
  function base(context, view) {
    var lines = read("b", function () {
      var xy = new Int32Array(bytes(data.base.coordinates)), x = new Float64Array(xy.length / 2), y = new Float64Array(xy.length / 2);
      for (var i = 0; i < x.length; i += 1) {
        x[i] = eastward(xy[2 * i]);
        y[i] = southward(xy[2 * i + 1]);
      }
      return { sizes: new Uint32Array(bytes(data.base.sizes)), x: x, y: y };
    });
    context.beginPath();
    for (var line = 0, point = 0; line < lines.sizes.length; line += 1) {
      for (var end = point + lines.sizes[line], first = point; point < end; point += 1) {
        var x = lines.x[point] * view.scale - view.left, y = lines.y[point] * view.scale - view.top;
        if (point === first) { context.moveTo(x, y); } else { context.lineTo(x, y); }
      }
    }
    context.strokeStyle = "#7a6a55";
    context.lineWidth = 0.75 * view.sharp;
    context.stroke();
  }

  function stroke(context, view, shapes, first, end, colour, width) {
    context.beginPath();
    for (var ring = shapes.rings[first]; ring < shapes.rings[end]; ring += 1) {
      for (var point = shapes.points[ring]; point < shapes.points[ring + 1]; point += 1) {
        var x = shapes.x[point] * view.scale - view.left, y = shapes.y[point] * view.scale - view.top;
        if (point === shapes.points[ring]) { context.moveTo(x, y); } else { context.lineTo(x, y); }
      }
      context.closePath();
    }
    context.strokeStyle = colour;
    context.lineWidth = width * view.sharp;
    context.stroke();
  }

  /* Names that fit: the largest zones first, none over another, none much wider than its zone. */
  function names(context, view) {
    var taken = [], high = 15 * view.sharp;
    context.font = "600 " + 12 * view.sharp + "px system-ui, sans-serif";
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineWidth = 3 * view.sharp;
    context.strokeStyle = "rgba(255, 255, 255, 0.9)";
    context.fillStyle = "#1d2933";
    byExtent.forEach(function (zone) {
      var words = data.zones.names[zone], half = context.measureText(words).width / 2;
      var x = named[zone].x * view.scale - view.left, y = named[zone].y * view.scale - view.top;
      var over = taken.some(function (other) {
        return Math.abs(other[0] - x) < other[2] + half + high / 2 && Math.abs(other[1] - y) < high;
      });
      if (over || 2 * half > 1.2 * extent(zones, zone) * view.scale) { return; }
      taken.push([x, y, half]);
      context.strokeText(words, x, y);
      context.fillText(words, x, y);
    });
  }

  function shade(colour) {
    var part = [1, 3, 5].map(function (at) { return parseInt(colour.slice(at, at + 2), 16); });
    return (255 << 24 | part[2] << 16 | part[1] << 8 | part[0]) >>> 0;
  }
  function edge(colour) {
    return shade("#" + [1, 3, 5].map(function (at) {
      var mixed = 0.6 * parseInt(colour.slice(at, at + 2), 16) + 0.4 * parseInt("5f6b76".slice(at - 1, at + 1), 16);
      return Math.round(mixed).toString(16).padStart(2, "0");
    }).join(""));
  }

  function extent(shapes, shape) { return shapes.box[4 * shape + 2] - shapes.box[4 * shape]; }
  var usual = Float64Array.from({ length: count }, function (_, cell) { return extent(cells, cell); }).sort()[count >> 1];
  var named = [], byExtent = [];
  if (zones) {
    named = data.zones.places.map(function (place) { return map.project([place[1], place[0]], 0).divideBy(256); });
    byExtent = named.map(function (_, zone) { return zone; });
    byExtent.sort(function (a, b) { return extent(zones, b) - extent(zones, a); });
  }
  var layer = new Ground().addTo(map);
  paint = function () { layer.fill(); };
  mark = function () { layer.outline(); };
  show = function (shown) {
    var box = [1, 1, 0, 0];
    shown.forEach(function (cell) {
      [0, 1].forEach(function (at) { box[at] = Math.min(box[at], cells.box[4 * cell + at]); });
      [2, 3].forEach(function (at) { box[at] = Math.max(box[at], cells.box[4 * cell + at]); });
    });
    map.fitBounds([0, 2].map(function (at) { return map.unproject([256 * box[at], 256 * box[at + 1]], 0); }),
      { padding: [40, 40], maxZoom: Math.max(map.getZoom(), 13), animate: false });
    byId("map-box").scrollIntoView({ block: "nearest" });
  };
  map.on("mousemove", function (event) {
    var cell = layer.cellAt(event.containerPoint);
    if (cell >= 0 && cell !== state.cell) { pick(cell); }
  });
  map.on("click", function (event) { pick(layer.cellAt(event.containerPoint)); });
  /* With the keyboard, the cell at the middle is read out. */
  box.addEventListener("keydown", function () { box.classList.add("reading"); });
  box.addEventListener("focusout", function () { box.classList.remove("reading"); });
  box.addEventListener("pointerdown", function () { box.classList.remove("reading"); });
  map.on("moveend", function () {
    if (box.classList.contains("reading")) {
      var cell = layer.cellAt(map.getSize().divideBy(2));
      if (cell >= 0) { pick(cell); }
    }
  });
  document.documentElement.classList.add("map-works");
}

function withoutMap() {
  byId("map-box").hidden = true;
  byId("map-help").hidden = true;
  byId("map-table").classList.add("no-map");
}

function start() {
  if (count && data.categories.length) {
    try { draw(); } catch (error) { withoutMap(); }
  } else {
    withoutMap();
  }
  update();
}

/* What is folded has no size: the map is drawn when its fold is first opened. */

controls();
byId("explorer").hidden = false;
var fold = byId("explorer").closest("details");
if (fold && !fold.open) {
  fold.addEventListener("toggle", start, { once: true });
} else {
  start();
}

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
