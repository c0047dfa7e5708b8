// A picture that cannot be had leaves no empty frame. Without this script the frame stays.
const gone = (picture) => { picture.hidden = true; };
document.addEventListener("error", (event) => event.target.tagName === "IMG" && gone(event.target), true);
for (const picture of document.images) {
  if (picture.complete && !picture.naturalWidth) gone(picture);
}
