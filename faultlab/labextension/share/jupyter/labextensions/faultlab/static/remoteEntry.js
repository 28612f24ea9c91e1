// A JupyterLab extension without a build step: it speaks webpack's container protocol (init, get) itself.
// A lesson that asks for it in its metadata, {"faultlab": {"run_on_open": true}}, runs once when it is
// opened, so that every picture in it moves at once; and its toolbar shows or folds all code. A lab, whose
// metadata says {"faultlab": {"lab": true}}, runs when it is opened too, so that `check` is there and every
// question shows the team's own numbers. Both get the whole of a narrow window. In any notebook, a cell that
// holds the answer to a decision gets a box to type it into (see answer_box.js).
(() => {
  // A folded cell shows a thin bar to unfold it, and no line of code. Printed lines wrap between words.
  const STYLE = `
    .faultlab-page .jp-InputPlaceholder .jp-PlaceholderText { display: none; }
    .faultlab-page .jp-InputPlaceholder .jp-Placeholder-content { border: 0; background: none; height: 16px; min-height: 0; }
    .faultlab-page .jp-InputPlaceholder .jp-Placeholder-contentContainer { padding: 0; min-height: 0; height: 16px; }
    .faultlab-page .jp-InputPlaceholder .jp-Placeholder-prompt { min-height: 0; }
    .faultlab-opening .faultlab-box { visibility: hidden; }
    .faultlab-page .jp-OutputArea-output pre { word-break: normal; overflow-wrap: anywhere; }
    @media (max-width: 800px) {
      .faultlab-page .jp-InputPrompt, .faultlab-page .jp-OutputPrompt { display: none; }
      .faultlab-page .jp-Cell { padding-left: 0; padding-right: 0; }
      .faultlab-page .jp-Collapser { display: none; }
    }
  `;
  const NARROW = 800; // pixels: below it JupyterLab's side bars would leave no room for the lesson

  const HERE = document.currentScript.src;

  let shared;

  async function load(name) {
    const [version] = Object.keys(shared[name]);
    return (await shared[name][version].get())();
  }

  async function extension() {
    const [opening, boxes, { INotebookTracker }, { CodeCell }, { ToolbarButton }, { Widget }] = await Promise.all([
      import(new URL("opening.js", HERE)),
      import(new URL("answer_box.js", HERE)),
      load("@jupyterlab/notebook"),
      load("@jupyterlab/cells"),
      load("@jupyterlab/ui-components"),
      load("@lumino/widgets"),
    ]);

    function giveRoom(app) {
      app.shell.collapseLeft?.();
      for (const side of ["left", "right"]) {
        if (app.shell.isSideTabBarVisible?.(side)) app.commands.execute("application:toggle-side-tabbar", { side });
      }
    }

    function addCodeButton(app, panel) {
      let shown = false;
      const button = new ToolbarButton({
        label: "Show the code",
        tooltip: "Show or fold the code of every cell in this lesson",
        onClick: () => {
          shown = !shown;
          app.commands.execute(shown ? "notebook:show-all-cell-code" : "notebook:hide-all-cell-code");
          const label = button.node.querySelector(".jp-ToolbarButtonComponent-label");
          if (label) label.textContent = shown ? "Fold the code" : "Show the code";
        },
      });
      panel.toolbar.insertAfter("cellType", "faultlab-code", button);
    }

    return {
      id: "faultlab:lesson",
      description: "Opens a lesson ready to use.",
      autoStart: true,
      requires: [INotebookTracker],
      activate: (app, tracker) => {
        document.head.append(Object.assign(document.createElement("style"), { textContent: STYLE + opening.STYLE + boxes.STYLE }));
        tracker.widgetAdded.connect(async (_, panel) => {
          await panel.context.ready;
          boxes.offerBoxes(panel, { CodeCell, Widget });
          const ours = panel.content.model?.getMetadata("faultlab");
          if (!ours) return;
          panel.addClass("faultlab-page");
          if (window.innerWidth < NARROW) giveRoom(app);
          if (!ours.run_on_open && !ours.lab) return;
          if (ours.run_on_open) {
            panel.addClass("faultlab-lesson");
            addCodeButton(app, panel);
          }
          // The stored results would give the answers to the bets away before their covers are there.
          if (ours.run_on_open) panel.addClass("faultlab-opening");
          try {
            await opening.open(panel, ours.run_on_open ? "lesson" : "lab", CodeCell);
          } finally {
            panel.removeClass("faultlab-opening");
          }
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
