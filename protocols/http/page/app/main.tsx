import { render } from "preact";
import { AppContext } from "./app.ts";
import { createApp } from "./create-app.ts";
import { placeOf } from "./lib/place.ts";
import { listen } from "./listen.ts";
import { guardFocus } from "./views/guard-focus.ts";
import { Shell } from "./views/shell.tsx";

const app = createApp(placeOf(document));
const mount = document.getElementById("app");
listen(app);
if (mount !== null) {
  // Before anything takes the focus.
  guardFocus(mount);
  render(
    <AppContext.Provider value={app}>
      <Shell />
    </AppContext.Provider>,
    mount,
  );
}
app.chat.connect();
void app.account.refresh();
