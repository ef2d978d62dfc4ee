// A table with bars as it stands on the page, drawn: for pictures to take away.

import {colour} from "policymix/curves";

const SCALE = 2;
const HATCH = 6;

/** {source, width, height} of a table that is shown now. */
export function tablePicture(table) {
  const whole = table.getBoundingClientRect();
  const source = document.createElement("canvas");
  [source.width, source.height] = [SCALE * whole.width, SCALE * whole.height];
  const draw = source.getContext("2d");
  draw.scale(SCALE, SCALE);
  draw.textBaseline = "middle";
  const placeOf = (element) => {
    const {left, top, width, height} = element.getBoundingClientRect();
    return {x: left - whole.left, y: top - whole.top, width, height};
  };
  table.querySelectorAll(".bar-fill").forEach((bar) => drawBar(draw, placeOf(bar)));
  table.querySelectorAll(".part").forEach((part) => drawHatched(draw, placeOf(part)));
  table.querySelectorAll("th, .amount").forEach((cell) => drawCell(draw, cell, placeOf(cell)));
  return {source, width: whole.width, height: whole.height};
}

function drawBar(draw, {x, y, width, height}) {
  draw.fillStyle = colour("flow");
  draw.fillRect(x, y, width, height);
}

function drawHatched(draw, {x, y, width, height}) {
  draw.save();
  draw.beginPath();
  draw.rect(x, y, width, height);
  draw.clip();
  draw.fillStyle = colour("page");
  draw.fillRect(x, y, width, height);
  draw.strokeStyle = colour("taken");
  draw.lineWidth = HATCH / 2;
  draw.beginPath();
  for (let start = x - height; start < x + width; start += HATCH) {
    draw.moveTo(start, y + height);
    draw.lineTo(start + height, y);
  }
  draw.stroke();
  draw.restore();
}

function drawCell(draw, cell, {x, y, width, height}) {
  const {fontWeight, fontSize, fontFamily, textAlign} = getComputedStyle(cell);
  const isRight = textAlign === "right";
  draw.font = `${fontWeight} ${fontSize} ${fontFamily}`;
  draw.fillStyle = colour("text");
  draw.textAlign = isRight ? "right" : "left";
  draw.fillText(cell.textContent, isRight ? x + width - HATCH : x, y + height / 2, width - HATCH);
}
