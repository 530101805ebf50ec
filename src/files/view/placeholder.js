// Until a picture has come a blurred one is seen in its room, of what its message says: a ThumbHash (https://evanw.github.io/thumbhash/),
// drawn once its room is in sight. As a bitmap made by hand: what a canvas has drawn some browsers let no page read.
const blurred = (img) => {
  const hash = [...atob(img.dataset.hash)].map((byte) => byte.charCodeAt());
  const [head, tail] = [hash[0] | (hash[1] << 8) | (hash[2] << 16), hash[3] | (hash[4] << 8)];
  // Some of it may be clear, of which this tells nothing: it goes with the picture's coming.
  const isClear = head >> 23;
  const sides = [isClear ? 5 : 7, tail & 7].map((side) => Math.max(3, side));
  if (!(tail >> 15)) sides.reverse();
  let next = isClear ? 12 : 10;
  const wave = ([nx, ny], base, scale) => {
    const terms = [];
    for (let y = 0; y < ny; y++) {
      for (let x = y ? 0 : 1; x * ny < nx * (ny - y); x++, next++) {
        terms.push([x, y, (((hash[next >> 1] >> ((next & 1) * 4)) & 15) / 7.5 - 1) * scale * 2]);
      }
    }
    return (u, v) => terms.reduce((sum, [x, y, by]) => sum + by * Math.cos(Math.PI * u * x) * Math.cos(Math.PI * v * y), base);
  };
  const light = wave(sides, (head & 63) / 63, ((head >> 18) & 31) / 31);
  const yellow = wave([3, 3], ((head >> 6) & 63) / 31.5 - 1, (((tail >> 3) & 63) / 63) * 1.25);
  const red = wave([3, 3], ((head >> 12) & 63) / 31.5 - 1, (((tail >> 9) & 63) / 63) * 1.25);
  const room = ['width', 'height'].map((side) => Number(img.getAttribute(side)));
  // A multiple of 4, as lines of a bitmap are.
  const [width, height] = room.map((side) => 4 * Math.ceil((4 * side) / Math.max(...room)));
  const bytes = [66, 77, ...Array(8).fill(0), 54, 0, 0, 0, 40, 0, 0, 0, width, 0, 0, 0, height, 0, 0, 0, 1, 0, 24, ...Array(25).fill(0)];
  for (let y = height - 0.5; y > 0; y--) {
    for (let x = 0.5; x < width; x++) {
      const [l, p, q] = [light, yellow, red].map((of) => of(x / width, y / height));
      const b = l - (2 / 3) * p;
      const r = (3 * l - b + q) / 2;
      bytes.push(...[b, r - q, r].map((part) => Math.max(0, Math.min(255, part * 255))));
    }
  }
  img.style.backgroundImage = `url(data:image/bmp;base64,${btoa(String.fromCharCode(...bytes))})`;
};
const inSight = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    inSight.unobserve(target);
    if (!target.complete) blurred(target);
  }
});
const watchPictures = (within) => within.querySelectorAll?.('img[data-hash]').forEach((img) => inSight.observe(img));
watchPictures(document);
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) addedNodes.forEach(watchPictures);
}).observe(document, { childList: true, subtree: true });
// The window never hears of it.
document.addEventListener('load', ({ target }) => {
  if (target.dataset?.hash) target.style.backgroundImage = '';
}, true);
