// Colour maps of heights, low to high.
type Map = [number, string][];

const maps: Record<string, { name: string; map: Map }> = {
  cividis: {
    name: "cividis",
    map: [
      [0, "#00224e"],
      [0.125, "#123570"],
      [0.25, "#3b496c"],
      [0.375, "#575d6d"],
      [0.5, "#707173"],
      [0.625, "#8a8678"],
      [0.75, "#a59c74"],
      [0.875, "#c3b369"],
      [1, "#fee838"],
    ],
  },
  viridis: {
    name: "viridis",
    map: [
      [0, "#440154"],
      [0.125, "#472d7b"],
      [0.25, "#3b528b"],
      [0.375, "#2c728e"],
      [0.5, "#21918c"],
      [0.625, "#28ae80"],
      [0.75, "#5ec962"],
      [0.875, "#addc30"],
      [1, "#fde725"],
    ],
  },
  "blue-red": {
    name: "low blue, high red",
    map: [
      [0, "#2166ac"],
      [0.17, "#4393c3"],
      [0.33, "#92c5de"],
      [0.5, "#f7f7f7"],
      [0.67, "#f4a582"],
      [0.83, "#d6604d"],
      [1, "#b2182b"],
    ],
  },
};

export const mapChoices = Object.entries(maps).map(([key, { name }]) => [key, name] as const);
export const colourMap = (key: string): Map => (maps[key] ?? maps.cividis!).map;

/** Shares 0 to 1, from the paper to a strong colour: a confusion matrix on either theme. */
export const shareMap = (dark: boolean): Map =>
  dark
    ? [
        [0, "#171d26"],
        [0.25, "#1d3a57"],
        [0.5, "#2b6a97"],
        [0.75, "#58a8d6"],
        [1, "#c8e6f8"],
      ]
    : [
        [0, "#ffffff"],
        [0.25, "#cfe3f1"],
        [0.5, "#83b9dc"],
        [0.75, "#2f83b9"],
        [1, "#08467a"],
      ];
