// What a session was opened with, as people call it, from the user agent it sent.
export interface Device {
  readonly name: string;
  readonly kind: "phone" | "tablet" | "computer" | "program";
}

type Rule = readonly [pattern: RegExp, name: string];

/** Browsers name those they descend from: the youngest comes first. */
const BROWSERS: readonly Rule[] = [
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Vivaldi\//, "Vivaldi"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\/|Chromium\//, "Chrome"],
  [/Version\/[\d.]+.* Safari\//, "Safari"],
];

const SYSTEMS: readonly Rule[] = [
  [/iPhone|iPod/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/CrOS/, "ChromeOS"],
  [/Mac OS X|Macintosh/, "Mac"],
  [/Linux|X11/, "Linux"],
];

function first(rules: readonly Rule[], agent: string): string | undefined {
  return rules.find(([pattern]) => pattern.test(agent))?.[1];
}

function kindOf(agent: string, system: string | undefined): Device["kind"] {
  if (system === "iPad") return "tablet";
  if (system === "iPhone") return "phone";
  if (system === "Android") return /Mobile/.test(agent) ? "phone" : "tablet";
  return "computer";
}

export function deviceOf(agent: string): Device {
  const browser = first(BROWSERS, agent);
  const system = first(SYSTEMS, agent);
  if (browser && system) {
    return { name: `${browser} on ${system}`, kind: kindOf(agent, system) };
  }
  if (browser || (system && agent.startsWith("Mozilla/"))) {
    return { name: browser ?? `A browser on ${system}`, kind: kindOf(agent, system) };
  }
  // A program names itself first: "jyoti-cli/1.2 (…)".
  const program = /^[\w .-]+/.exec(agent)?.[0].trim();
  return { name: program || "Unknown device", kind: "program" };
}
