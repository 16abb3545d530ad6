import { checks } from "./checks";
import { configuration } from "./configuration";
import { descent } from "./descent";
import { landscape } from "./landscape";
import { learned } from "./learned";
import { paths } from "./paths";
import type { Section } from "./section";
import { summary } from "./summary";
import { sweeps } from "./sweeps";

export const sections: Section[] = [
  summary,
  descent,
  learned,
  landscape,
  paths,
  sweeps,
  checks,
  configuration,
];
