// A JupyterLab extension without a build step: it speaks webpack's container protocol (init, get) itself.
// A lesson, whose metadata says {"faultlab": {"run_on_open": true}}, and a lab, {"faultlab": {"lab": true}},
// are shown as pages (reading.js) and run when they are opened (opening.js), unless the kernel knows them
// already. A cell that holds the answer to a decision gets a box to type it into (answer_box.js).
(() => {
  const HERE = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  const beside = (file) => new URL(file, HERE).href;
  const TOKEN = /--([\w-]+): light-dark\((#[0-9a-f]{6}), #[0-9a-f]{6}\)/g;

  let shared;

  async function load(name) {
    const [version] = Object.keys(shared[name]);
    return (await shared[name][version].get())();
  }

  /** The course's look; and in a picture that stands in the page, its colours as the page has them. */
  async function style() {
    const look = await (await fetch(beside("look.css"))).text();
    const turned = [...look.matchAll(TOKEN)].flatMap(([, name, light]) =>
      ["fill", "stroke"].map((what) => `.look .faultlab-picture [${what}="${light}"] { ${what}: var(--${name}); }`));
    document.head.append(Object.assign(document.createElement("style"), { textContent: `${look}\n${turned.reverse().join("\n")}` }));
  }

  async function extension() {
    const [
      reading, opening, resting, boxes, { INotebookTracker }, { CodeCell }, { ToolbarButton }, { Widget }, { PageConfig },
    ] = await Promise.all([
      import(beside("reading.js")),
      import(beside("opening.js")),
      import(beside("resting.js")),
      import(beside("answer_box.js")),
      load("@jupyterlab/notebook"),
      load("@jupyterlab/cells"),
      load("@jupyterlab/ui-components"),
      load("@lumino/widgets"),
      load("@jupyterlab/coreutils"),
    ]);

    return {
      id: "faultlab:lesson",
      description: "Shows a lesson as a page, ready to use.",
      autoStart: true,
      requires: [INotebookTracker],
      activate: (app, tracker) => {
        const styled = style();
        opening.startAhead(PageConfig.getOption("treePath"), app.serviceManager.sessions);
        tracker.widgetAdded.connect(async (_, panel) => {
          await Promise.all([panel.context.ready, styled]);
          boxes.offerBoxes(panel, { CodeCell, Widget, contents: app.serviceManager.contents });
          const ours = panel.content.model?.getMetadata("faultlab");
          if (!ours?.run_on_open && !ours?.lab) return;
          const what = ours.run_on_open ? "lesson" : "lab";
          panel.addClass("faultlab-page");
          panel.addClass("faultlab-opening");
          const again = async () => {
            await panel.sessionContext.restartKernel();
            await opening.open(panel, what, CodeCell);
          };
          const calm = opening.firstAnswer(panel);
          const page = reading.readAsPage(app, panel, { Widget, what, again, calm });
          panel.toolbar.insertAfter("cellType", "faultlab-page", new ToolbarButton({
            label: "Read as a page", tooltip: "Without JupyterLab's own parts", onClick: page.comeBack,
          }));
          try {
            await opening.open(panel, what, CodeCell, calm);
          } finally {
            panel.removeClass("faultlab-opening");
            page.opened();
          }
          await resting.letRest(app, tracker, panel, { what, CodeCell, opened: page.opened });
        });
      },
    };
  }

  const container = {
    init: (scope) => { shared = scope; },
    get: async () => {
      const plugin = await extension();
      return () => ({ __esModule: true, default: plugin });
    },
  };
  globalThis._JUPYTERLAB = globalThis._JUPYTERLAB ?? {};
  globalThis._JUPYTERLAB.faultlab = container;
})();
