/** Asked of the page as it is drawn: everything has a name, a place and enough contrast. Answers with what has not. */
() => {
  const every = (selector) => [...document.querySelectorAll(selector)];
  const seen = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  const shown = (node) => node.outerHTML.replace(/\s+/g, " ").slice(0, 120);

  function nameless() {
    const wordless = (node) => {
      const by = (node.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id));
      const labels = [...by, ...(node.labels ?? [])].map((one) => one?.textContent);
      const words = [node.getAttribute("aria-label"), node.textContent, node.title, node.placeholder, ...labels];
      return !words.some((one) => one?.trim());
    };
    const pressed = every("a[href], button, input, select, textarea, [role=option]").filter(seen);
    return pressed.filter(wordless).map((node) => `no name: ${shown(node)}`);
  }

  function tooWide() {
    const root = document.documentElement;
    const wide = root.scrollWidth > innerWidth || document.body.scrollWidth > innerWidth;
    const cut = every(".message-main, .card, .composer, .pane-head, .welcome").filter(
      (node) => seen(node) && node.getBoundingClientRect().right > innerWidth + 1,
    );
    return [...(wide ? ["the page scrolls sideways"] : []), ...cut.map((node) => `cut off: ${shown(node)}`)];
  }

  function broken() {
    const ids = every("[id]").map((node) => node.id);
    const found = ids.filter((id, at) => ids.indexOf(id) !== at).map((id) => `two elements have the id ${id}`);
    for (const name of ["aria-labelledby", "aria-describedby", "aria-controls", "aria-activedescendant"]) {
      for (const node of every(`[${name}]`).filter(seen)) {
        const lost = node.getAttribute(name).split(/\s+/).filter((id) => !document.getElementById(id));
        found.push(...lost.map((id) => `${name} names ${id}, which is not there`));
      }
    }
    found.push(...every("img:not([alt])").map((node) => `no alt: ${shown(node)}`));
    found.push(...every("ol > :not(li), ul > :not(li)").map((node) => `not a list item: ${shown(node)}`));
    found.push(...every("[tabindex]").filter((node) => node.tabIndex > 0).map((node) => `out of order: ${shown(node)}`));
    return found;
  }

  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  function read(colour) {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
    return { rgb: [r, g, b], alpha: a / 255 };
  }
  const over = (top, alpha, ground) => top.map((channel, at) => channel * alpha + ground[at] * (1 - alpha));
  function luminance(rgb) {
    const linear = (share) => (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = rgb.map((channel) => linear(channel / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  }
  function groundOf(node) {
    const below = node.parentElement ? groundOf(node.parentElement) : [255, 255, 255];
    const { rgb, alpha } = read(getComputedStyle(node).backgroundColor);
    return over(rgb, alpha, below);
  }
  const opacityOf = (node) => (node ? Number(getComputedStyle(node).opacity) * opacityOf(node.parentElement) : 1);

  /** WCAG 2.2, 1.4.3: 4.5, or 3 for large text; controls that are disabled are exempt. */
  function faint() {
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode.parentElement;
      const exempt = node.closest(".unseen, .emoji, .skip, noscript, select, :disabled, [inert]");
      if (exempt || !walker.currentNode.data.trim() || !seen(node)) continue;
      const style = getComputedStyle(node);
      const size = parseFloat(style.fontSize);
      const least = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
      const ground = groundOf(node);
      const ink = read(node instanceof SVGElement ? style.fill : style.color);
      const drawn = over(ink.rgb, ink.alpha * opacityOf(node), ground);
      const [high, low] = [luminance(drawn), luminance(ground)].sort((one, two) => two - one);
      const ratio = (high + 0.05) / (low + 0.05);
      if (ratio < least) found.add(`contrast ${ratio.toFixed(2)}: ${shown(node)}`);
    }
    return [...found];
  }

  return [...nameless(), ...tooWide(), ...broken(), ...faint()];
};
