// Starts the browser that the tests would take, and ends with 1 and one line when there is none.
import { findChromium } from "../packages/cli/src/chromium/find.ts";
import { launchChromium } from "../packages/cli/src/chromium/launch.ts";

try {
  const browser = await launchChromium(await findChromium());
  await browser.close();
} catch (error) {
  // The tests have no such option.
  const reason = error.message.replace(", or pass --no-web", "");
  console.error(`The tests need a browser: ${reason}.`);
  process.exitCode = 1;
}
