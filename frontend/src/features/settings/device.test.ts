import { expect, test } from "vitest";
import { deviceOf } from "./device";

const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15";
const MAC =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)";

test.each([
  [`${WINDOWS} Chrome/140.0.0.0 Safari/537.36`, "Chrome on Windows", "computer"],
  [`${WINDOWS} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`, "Edge on Windows", "computer"],
  [`${MAC} Version/18.1 Safari/605.1.15`, "Safari on Mac", "computer"],
  [
    `${IPHONE} (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1`,
    "Safari on iPhone",
    "phone",
  ],
  [
    `${IPHONE} (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1`,
    "Chrome on iPhone",
    "phone",
  ],
  [
    "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
    "Firefox on Android",
    "phone",
  ],
  [
    "Mozilla/5.0 (Android 15; Tablet; rv:140.0) Gecko/140.0 Firefox/140.0",
    "Firefox on Android",
    "tablet",
  ],
  [
    "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Firefox on Linux",
    "computer",
  ],
  [
    "Mozilla/5.0 (X11; CrOS x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
    "Chrome on ChromeOS",
    "computer",
  ],
  ["Mozilla/5.0 (X11; Linux x86_64) Something/1", "A browser on Linux", "computer"],
  ["python-requests/2.32.3", "python-requests", "program"],
  ["Jyoti Uploader/1.0 (Linux)", "Jyoti Uploader", "program"],
  ["", "Unknown device", "program"],
  ["(none)", "Unknown device", "program"],
])("%s", (agent, name, kind) => {
  expect(deviceOf(agent)).toEqual({ name, kind });
});
