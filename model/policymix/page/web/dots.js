// A field of dots on a canvas: one dot a person, the same places under every policy.

import {colour} from "policymix/curves";
import {h} from "policymix/dom";
import {GROUPS} from "policymix/recording";

/** Columns of a field up to this width [CSS px]; a phone's field is higher than it is wide. */
const COLUMNS = [
  [420, 48],
  [560, 60],
  [Infinity, 75],
];
/** Room around the field, in cells, for the ring of whoever is picked. */
const MARGIN = 0.7;
/** How far from a dot, in cells, a tap still means someone to whom something happened. */
const REACH_OF_A_TAP = 1.7;

/** Where dots are: columns, rows, a cell's side and the field's height [CSS px], and a slot's middle [cells]. */
export function gridFor(width, n) {
  const [, columns] = COLUMNS.find(([most]) => width <= most);
  const rows = Math.ceil(n / columns);
  const cell = width / (columns + 2 * MARGIN);
  const middle = (slot) => [MARGIN + (slot % columns) + 0.5, MARGIN + Math.floor(slot / columns) + 0.5];
  return {columns, rows, cell, height: cell * (rows + 2 * MARGIN), middle};
}

function outline(ctx, shape, x, y, radius) {
  const r = Math.max(radius, 0);
  ctx.beginPath();
  if (shape === "square") {
    ctx.rect(x - 0.88 * r, y - 0.88 * r, 1.76 * r, 1.76 * r);
  } else if (shape === "diamond") {
    [
      [0, -1.2],
      [1.2, 0],
      [0, 1.2],
      [-1.2, 0],
    ].forEach(([dx, dy]) => ctx.lineTo(x + dx * r, y + dy * r));
    ctx.closePath();
  } else {
    ctx.arc(x, y, r, 0, 2 * Math.PI);
  }
}

/** A group's shape in the middle of a square of `side` pixels. */
function drawShape(ctx, group, x, y, side) {
  const paint = colour(`state-${group.name}`);
  ctx.fillStyle = paint;
  ctx.strokeStyle = paint;
  ctx.lineWidth = Math.max(side * 0.14, 1);
  if (group.shape === "point") {
    outline(ctx, "circle", x, y, Math.max(side * 0.11, 0.7));
    ctx.fill();
  } else if (group.filled) {
    outline(ctx, group.shape, x, y, side * 0.44);
    ctx.fill();
  } else {
    outline(ctx, group.shape, x, y, side * 0.44 - ctx.lineWidth / 2);
    ctx.stroke();
  }
}

function drawRing(ctx, x, y, r, width, paint) {
  ctx.lineWidth = width;
  ctx.strokeStyle = paint;
  outline(ctx, "circle", x, y, r);
  ctx.stroke();
}

function drawCross(ctx, x, y, side, paint) {
  ctx.strokeStyle = paint;
  ctx.lineWidth = Math.max(side * 0.17, 1.2);
  ctx.beginPath();
  [
    [-1, -1, 1, 1],
    [-1, 1, 1, -1],
  ].forEach(([ax, ay, bx, by]) => {
    ctx.moveTo(x + ax * side * 0.44, y + ay * side * 0.44);
    ctx.lineTo(x + bx * side * 0.44, y + by * side * 0.44);
  });
  ctx.stroke();
}

/** A small picture for the legend: a group's shape, "died" or "differs". `redraw` after a change of colours. */
export function glyph(what) {
  const side = 18;
  const scale = 2;
  const element = h("canvas", {
    class: "glyph",
    width: side * scale,
    height: side * scale,
    "aria-hidden": "true",
  });
  const redraw = () => {
    const ctx = element.getContext("2d");
    ctx.setTransform(scale, 0, 0, scale, 0, 0);
    ctx.clearRect(0, 0, side, side);
    if (what === "died") {
      drawCross(ctx, side / 2, side / 2, side * 0.8, colour("text"));
    } else if (what === "differs") {
      drawRing(ctx, side / 2, side / 2, side * 0.4, 1.5, colour("text"));
    } else {
      drawShape(ctx, what, side / 2, side / 2, side * 0.85);
    }
  };
  return {element, redraw};
}

/**
 * What is drawn once for a size and a scheme: a stamp a group, the field with nobody using, and the
 * colours of the rings. `side` is a cell's [pixels of the canvas].
 */
function prepared(canvas, grid, side, n) {
  const stamps = stampsOf(side);
  const empty = document.createElement("canvas");
  [empty.width, empty.height] = [canvas.width, canvas.height];
  const ctx = empty.getContext("2d");
  for (let slot = 0; slot < n; slot += 1) {
    stampAt(ctx, stamps[0], ...grid.middle(slot).map((cells) => cells * side));
  }
  return {side, stamps, empty, text: colour("text"), page: colour("page"), link: colour("link")};
}

function stampAt(ctx, stamp, x, y) {
  ctx.drawImage(stamp, Math.round(x - stamp.width / 2), Math.round(y - stamp.height / 2));
}

function stampsOf(side) {
  return GROUPS.map((group) => {
    const stamp = document.createElement("canvas");
    // A diamond's corners reach a little beyond its cell.
    stamp.width = stamp.height = Math.ceil(side * 1.2);
    drawShape(stamp.getContext("2d"), group, stamp.width / 2, stamp.height / 2, side);
    return stamp;
  });
}

function paint(canvas, picture, grid, {side, stamps, empty, text, page, link}) {
  const ctx = canvas.getContext("2d");
  const middle = (slot) => grid.middle(slot).map((cells) => cells * side);
  ctx.clearRect(0, 0, canvas.width, canvas.height);
  ctx.drawImage(empty, 0, 0);
  picture.groups.forEach((group, slot) => {
    if (group !== 0 || picture.dead[slot]) {
      const [x, y] = middle(slot);
      ctx.clearRect(x - side / 2, y - side / 2, side, side);
      if (picture.dead[slot]) {
        drawCross(ctx, x, y, side, text);
      } else {
        stampAt(ctx, stamps[group], x, y);
      }
    }
  });
  const width = Math.max(side * 0.1, 1);
  picture.differs.forEach((flag, slot) => flag && drawRing(ctx, ...middle(slot), side * 0.72, width, text));
  if (picture.slot !== null) {
    const [x, y] = middle(picture.slot);
    drawRing(ctx, x, y, side * 1.1, side * 0.6, page);
    drawRing(ctx, x, y, side * 1.1, Math.max(side * 0.28, 2), link);
  }
}

/** The slot meant by a tap at x, y [cells]: someone with a story near by, or whoever is there. */
function slotAt(x, y, grid, picture) {
  const nearest = (isMeant, reach) => {
    let best = {slot: null, far: reach};
    picture.groups.forEach((_, slot) => {
      const [across, down] = grid.middle(slot);
      const far = Math.hypot(across - x, down - y);
      best = far < best.far && isMeant(slot) ? {slot, far} : best;
    });
    return best.slot;
  };
  const hasMore = (slot) => picture.groups[slot] !== 0 || picture.differs[slot] || picture.dead[slot];
  return nearest(hasMore, REACH_OF_A_TAP) ?? nearest(() => true, 1);
}

/**
 * A field. `show(picture)`: by slot `groups`, `differs`, `dead`; `slot` is who is picked, or null;
 * `label` is the picture in words. A click or tap calls `onPick(slot)`.
 */
export function dotField(onPick) {
  const canvas = h("canvas", {class: "dots", role: "img", "aria-label": "People"});
  const kept = {picture: null, grid: null, ready: null, width: 0};
  const redraw = () => {
    kept.width = canvas.clientWidth;
    if (kept.picture && kept.width > 0) {
      fit(canvas, kept);
      paint(canvas, kept.picture, kept.grid, kept.ready);
    }
  };
  new ResizeObserver(() => canvas.clientWidth !== kept.width && redraw()).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  canvas.addEventListener("click", ({offsetX, offsetY}) => {
    const {grid, picture} = kept;
    const slot = grid && slotAt(offsetX / grid.cell, offsetY / grid.cell, grid, picture);
    if (slot !== null) {
      onPick(slot);
    }
  });
  return {
    element: canvas,
    show(picture) {
      const isOther = kept.picture?.groups.length !== picture.groups.length;
      kept.picture = picture;
      canvas.setAttribute("aria-label", picture.label);
      if (isOther || !kept.grid) {
        redraw();
      } else {
        paint(canvas, picture, kept.grid, kept.ready);
      }
    },
  };
}

/** Makes the canvas as sharp as the screen, and what is drawn once for this size. */
function fit(canvas, kept) {
  const scale = window.devicePixelRatio || 1;
  const n = kept.picture.groups.length;
  kept.grid = gridFor(kept.width, n);
  canvas.width = Math.round(kept.width * scale);
  canvas.height = Math.round(kept.grid.height * scale);
  kept.ready = prepared(canvas, kept.grid, kept.grid.cell * scale, n);
}
