// A canvas that is sharp on every screen, and the colours that the style sheet gives it.

/** Clears it, at the size that it has on the page; lengths are in CSS pixels. */
export function canvasFor(canvas) {
  const ratio = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const pen = canvas.getContext('2d');
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return { pen, width, height };
}

/** Read each time: light and dark may change while the page is open. */
export function colorsOf(canvas) {
  const style = getComputedStyle(canvas);
  const color = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    ink: style.color,
    muted: color('muted'),
    line: color('line'),
    glow: color('glow'),
    warm: color('warm'),
  };
}
