/** The wall: the same page without what one clicks, as large as the screen allows. `?view=wall` opens as such. */
export function startWall(button) {
  const root = document.documentElement;

  const show = on => {
    root.classList.toggle('wall', on);
    button.textContent = on ? 'Leave full screen' : 'Full screen';
  };

  button.addEventListener('click', async () => {
    const on = !root.classList.contains('wall');
    show(on);
    try {
      if (on) await root.requestFullscreen();
      else if (document.fullscreenElement) await document.exitFullscreen();
    } catch {
      // a browser that does not want to: large it is all the same
    }
  });
  // Escape leaves the full screen without asking the button
  document.addEventListener('fullscreenchange', () => document.fullscreenElement || show(false));
  show(root.classList.contains('wall'));
}
