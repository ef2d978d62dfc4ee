// A chart as a PNG with its title and the label, in the picture and in the file's text.

import {colour} from "policymix/charts";

const MARGIN = 24;
const LINE = 22;

/** A picture of a chart: title, curve, what the readout says, the label. Returns a Blob. */
export async function chartPng(facts, chart, lines) {
  const source = chart.canvas();
  const scale = source.width / source.clientWidth || 1;
  const width = Math.max(source.width / scale, 460) + 2 * MARGIN;
  const canvas = document.createElement("canvas");
  const draw = canvas.getContext("2d");
  const family = getComputedStyle(document.body).fontFamily;
  draw.font = `15px ${family}`;
  const foot = lines.flatMap((line) => wrapped(draw, line, width - 2 * MARGIN));
  const label = wrapped(draw, facts.label, width - 2 * MARGIN);
  const top = MARGIN + 2 * LINE;
  const bottom = source.height / scale + (foot.length + label.length + 1.5) * LINE;
  canvas.width = width * scale;
  canvas.height = (top + bottom + MARGIN / 2) * scale;
  draw.scale(scale, scale);
  draw.fillStyle = colour("page");
  draw.fillRect(0, 0, width, canvas.height);
  draw.fillStyle = colour("text");
  draw.font = `700 18px ${family}`;
  draw.fillText(`${chart.outcome.title}, ${chart.outcome.unit}`, MARGIN, MARGIN + LINE / 2);
  draw.drawImage(source, MARGIN, top - LINE, source.width / scale, source.height / scale);
  let y = top - LINE + source.height / scale + LINE;
  draw.font = `15px ${family}`;
  foot.forEach((line) => {
    draw.fillText(line, MARGIN, y);
    y += LINE;
  });
  draw.font = `700 15px ${family}`;
  label.forEach((line) => {
    draw.fillText(line, MARGIN, y);
    y += LINE;
  });
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  return withText(blob, "Description", facts.label);
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
