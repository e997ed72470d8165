// What a page can do beyond being read: sort, enlarge, show a cell's images, change its
// theme, mark where the reader is. Without this script all of it can still be read.
"use strict";

const THEMES = ["auto", "light", "dark"];
const STORED = "reportgen-theme";
const root = document.documentElement;

// A page opened as a file may have no storage: then the choice lasts as long as the page.
function remembered() {
  try {
    return THEMES.find((theme) => theme === localStorage.getItem(STORED)) ?? "auto";
  } catch {
    return "auto";
  }
}

function remember(theme) {
  try {
    localStorage.setItem(STORED, theme);
  } catch {
    return;
  }
}

function wear(theme) {
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  for (const button of document.querySelectorAll(".themes button")) {
    button.setAttribute("aria-pressed", String(button.textContent === theme));
  }
}

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

function press(attributes, children, action) {
  const button = make("button", { type: "button", ...attributes }, ...children);
  button.addEventListener("click", action);
  return button;
}

function offerThemes() {
  const buttons = THEMES.map((theme) =>
    press({}, [theme], () => {
      wear(theme);
      remember(theme);
    }),
  );
  const group = { class: "themes", role: "group", "aria-label": "Theme" };
  document.querySelector(".masthead").prepend(make("div", group, ...buttons));
  wear(remembered());
}

// The exact number of a cell, its text where it has none, nothing where that is "n/a".
function keyOf(row, column) {
  const cell = row.cells[column];
  const number = cell?.querySelector("data");
  if (number) return Number(number.value);
  if (!cell || cell.querySelector(".undefined")) return null;
  return cell.textContent.trim() || null;
}

function compare(a, b, sign) {
  if (a === null || b === null) return (a === null) - (b === null);
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  return sign * String(a).localeCompare(String(b), "en", { numeric: true });
}

// Ascending, descending, then as the page had it.
function sort(table, head, column, original) {
  const next = { ascending: "descending", descending: null };
  const now = head.getAttribute("aria-sort");
  const order = now ? next[now] : "ascending";
  for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
  if (order) head.setAttribute("aria-sort", order);
  const sign = order === "descending" ? -1 : 1;
  const sorted = (rows) =>
    [...rows].sort((a, b) => compare(keyOf(a, column), keyOf(b, column), sign));
  [...table.tBodies].forEach((body, place) => {
    body.append(...(order ? sorted(original[place]) : original[place]));
  });
}

function offerSorting(table) {
  const original = [...table.tBodies].map((body) => [...body.rows]);
  if (Math.max(...original.map((rows) => rows.length)) < 4) return;
  let column = 0;
  for (const head of table.tHead.rows[0].cells) {
    const place = column;
    const action = () => sort(table, head, place, original);
    head.append(press({ class: "sort" }, [...head.childNodes], action));
    column += head.colSpan;
  }
}

// One dialog for all: Escape closes it, and the focus goes back to where it was.
function makeViewer() {
  const plate = make("div", { class: "plate" });
  const close = press({ class: "close" }, ["Close"], () => dialog.close());
  const dialog = make("dialog", { class: "viewer" }, close, plate);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  return (figure) => {
    const copy = figure.cloneNode(true);
    copy.removeAttribute("id");
    copy.querySelector("button")?.remove();
    dialog.setAttribute("aria-label", copy.querySelector("figcaption").textContent);
    plate.replaceChildren(copy);
    dialog.showModal();
  };
}

function offerEnlarging(figure, view) {
  const label = `Enlarge: ${figure.querySelector("figcaption").textContent}`;
  const attributes = { class: "enlarge", "aria-label": label };
  figure.append(press(attributes, ["Enlarge"], () => view(figure)));
}

// With a key held the link leads, as any other, to a new tab.
function offerImages(link, view) {
  const figure = document.getElementById(link.hash.slice(1));
  link.setAttribute("aria-haspopup", "dialog");
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    view(figure);
  });
}

// A tab stop only where there is something to scroll, at this width.
function tendScrolling() {
  const boxes = document.querySelectorAll(".scroll, .row[role]");
  const tend = () => {
    for (const box of boxes) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else if (box !== document.activeElement) box.removeAttribute("tabindex");
    }
  };
  const observer = new ResizeObserver(tend);
  for (const box of boxes) {
    observer.observe(box);
    observer.observe(box.firstElementChild);
  }
}

// Paper shows what is folded away; afterwards it is folded again.
function unfoldForPrint() {
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const details of folded) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of folded) details.open = false;
  });
}

function followReader() {
  const links = new Map();
  for (const link of document.querySelectorAll(".contents a")) {
    links.set(link.hash.slice(1), link);
  }
  const mark = (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) links.get(target.id).setAttribute("aria-current", "true");
      else links.get(target.id).removeAttribute("aria-current");
    }
  };
  // A section is the current one while it crosses a line in the upper third.
  const observer = new IntersectionObserver(mark, { rootMargin: "-30% 0px -70% 0px" });
  for (const id of links.keys()) observer.observe(document.getElementById(id));
}

wear(remembered());
document.addEventListener("DOMContentLoaded", () => {
  const view = makeViewer();
  offerThemes();
  document.querySelectorAll("table:not(.fixed)").forEach(offerSorting);
  for (const figure of document.querySelectorAll("figure:not(.cell)")) {
    offerEnlarging(figure, view);
  }
  for (const link of document.querySelectorAll(".matrix a")) {
    offerImages(link, view);
  }
  followReader();
  tendScrolling();
  unfoldForPrint();
});
