/** The wall view: the same page without controls, in full screen. `?view=wall` opens it directly. */
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
      // the browser refuses full screen: the layout is large anyway
    }
  });
  // Escape leaves full screen without a click on the button
  document.addEventListener('fullscreenchange', () => document.fullscreenElement || show(false));
  show(root.classList.contains('wall'));
}
