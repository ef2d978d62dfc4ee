// A picture as PNG with its title, what belongs to it and the label, in the picture and in the file's text.

import {colour} from "policymix/curves";

const MARGIN = 24;
const LINE = 22;
const BETWEEN = 28;
const LEAST_WIDTH = 460;
/** Pixels of a picture that is no canvas, to one of the page. */
const SCALE = 2;
/** What makes an SVG look as it does on the page, whose style sheet does not come with it. */
const STYLED = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "font-size", "font-family"];

/** A picture of a chart: title, curve, what belongs to it, the label. Returns a Blob. */
export function chartPng(facts, chart, lines, keys = []) {
  const source = chart.canvas();
  const image = {source, width: source.clientWidth, height: source.clientHeight};
  return picturePng(facts, {
    title: `${chart.outcome.title}, ${chart.outcome.unit}`,
    images: [image],
    keys,
    lines,
  });
}

/**
 * Pictures beside each other as one PNG. `images` are {source, width, height [CSS px], heading}, `keys` are
 * {paint, text} or {source, text}, `lines` what stands below. Returns a Blob.
 */
export async function picturePng(facts, {title, images, keys = [], lines}) {
  const canvas = document.createElement("canvas");
  const draw = canvas.getContext("2d");
  const plan = planOf(draw, {title, images, keys, lines, label: facts.label});
  const {width, heads, headings, high, keyRows, foot, fonts} = plan;
  const scale = Math.max(...images.map((image) => image.source.width / image.width));
  const nLines = heads.length + headings + keyRows.length + foot.length + 1;
  canvas.width = (width + 2 * MARGIN) * scale;
  canvas.height = (2 * MARGIN + high + nLines * LINE) * scale;
  draw.scale(scale, scale);
  draw.fillStyle = colour("page");
  draw.fillRect(0, 0, canvas.width, canvas.height);
  let y = write(draw, heads, MARGIN + LINE / 2);
  drawImages(draw, images, y, headings ? fonts.bold : null);
  y += (headings + 0.5) * LINE + high;
  draw.font = fonts.plain;
  keyRows.forEach((row, at) => row.forEach((key) => drawKey(draw, key, y + at * LINE)));
  write(draw, foot, y + keyRows.length * LINE);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  return withText(blob, "Description", facts.label);
}

/** How wide the picture is, and its texts in lines of that width. */
function planOf(draw, {title, images, keys, lines, label}) {
  const across = images.reduce((sum, {width}) => sum + width, BETWEEN * (images.length - 1));
  const width = Math.max(across, LEAST_WIDTH);
  const family = getComputedStyle(document.body).fontFamily;
  const fonts = {plain: `15px ${family}`, bold: `700 15px ${family}`, title: `700 18px ${family}`};
  const linesOf = (font, texts) => {
    draw.font = font;
    return texts.flatMap((text) => wrapped(draw, text, width).map((line) => ({font, line})));
  };
  const heads = linesOf(fonts.title, [title]);
  const foot = [...linesOf(fonts.plain, lines), ...linesOf(fonts.bold, [label])];
  draw.font = fonts.plain;
  return {
    width,
    fonts,
    heads,
    foot,
    headings: images.some(({heading}) => heading) ? 1 : 0,
    high: Math.max(...images.map(({height}) => height)),
    keyRows: rowsOfKeys(draw, keys, width),
  };
}

/** The images beside each other, each under its heading if there is a font for that. */
function drawImages(draw, images, y, font) {
  let x = MARGIN;
  images.forEach(({source, width, height, heading}) => {
    write(draw, font ? [{font, line: heading ?? ""}] : [], y, x);
    draw.drawImage(source, x, y + (font ? 0.5 : -0.5) * LINE, width, height);
    x += width + BETWEEN;
  });
}

/** Lines below each other; returns where the next one would be. */
function write(draw, lines, top, left = MARGIN) {
  draw.fillStyle = colour("text");
  return lines.reduce((y, {font, line}) => {
    draw.font = font;
    draw.fillText(line, left, y);
    return y + LINE;
  }, top);
}

/** Keys in as many rows as they need, each with its place. */
function rowsOfKeys(draw, keys, width) {
  const rows = [];
  let left = Infinity;
  keys.forEach((key) => {
    const needed = draw.measureText(key.text).width + 44;
    if (left + needed > width) {
      rows.push([]);
      left = 0;
    }
    rows[rows.length - 1].push({...key, x: MARGIN + left});
    left += needed;
  });
  return rows;
}

function drawKey(draw, {paint, source, text, x}, y) {
  if (source) {
    draw.drawImage(source, x, y - 14, 18, 18);
  } else {
    draw.fillStyle = paint;
    draw.fillRect(x, y - 12, 14, 14);
  }
  draw.fillStyle = colour("text");
  draw.fillText(text, x + 24, y);
}

/** An SVG of the page, or where one is, as an image that can be drawn: {source, width, height}. */
export async function imageOf(element) {
  if (element instanceof HTMLImageElement) {
    return {source: element, width: element.naturalWidth, height: element.naturalHeight};
  }
  const {width, height} = element.viewBox.baseVal;
  const copy = element.cloneNode(true);
  const copies = [copy, ...copy.querySelectorAll("*")];
  [element, ...element.querySelectorAll("*")].forEach((one, at) => {
    const style = getComputedStyle(one);
    STYLED.forEach((name) => copies[at].setAttribute(name, style.getPropertyValue(name)));
  });
  copy.setAttribute("width", SCALE * width);
  copy.setAttribute("height", SCALE * height);
  const source = new Image();
  source.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await source.decode();
  return {source, width, height};
}

function wrapped(draw, text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (draw.measureText(longer).width <= width || lines.at(-1) === "") {
      lines[lines.length - 1] = longer;
    } else {
      lines.push(word);
    }
  }
  return lines;
}

/** The PNG with an uncompressed tEXt chunk after its header (29 bytes + 4 of checksum). */
async function withText(blob, keyword, text) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  const data = new TextEncoder().encode(`tEXt${keyword}\0${text}`);
  const chunk = new Uint8Array(data.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length - 4);
  chunk.set(data, 4);
  view.setUint32(data.length + 4, checksum(data));
  return new Blob([bytes.slice(0, 33), chunk, bytes.slice(33)], {type: "image/png"});
}

/** CRC-32, as PNG wants it. */
function checksum(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
    }
  }
  return (crc ^ 0xffffffff) >>> 0;
}
