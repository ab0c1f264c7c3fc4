/** Bounds of an evaluation. Those of Resource Manager are marked; the others no template nears. */
export const TEMPLATE_LIMITS = {
  /** Source: Azure Resource Manager, "Template limits", read 2026-11. */
  expressionCharacters: 24_576,
  /** Iterations of one loop. Source: Azure Resource Manager, "Resource iteration". */
  copyCount: 800,
  /** Items that `range` makes. Source: "Array functions for ARM templates". */
  rangeCount: 10_000,
  /** Calls and brackets inside one another in one expression. */
  expressionDepth: 100,
  /** Levels of a value that an expression puts together. */
  valueDepth: 100,
  /** Objects, expressions, variables and calls that wait for one another. */
  evaluationDepth: 250,
  /** Deployments inside one another. */
  deploymentDepth: 30,
  /** Characters of a text that an expression puts together. */
  textCharacters: 16_000_000,
  /** Values in all that a template evaluates to; 64 characters count as one. */
  valueCount: 500_000,
  /** Steps in all: expressions evaluated and items looked at. */
  stepCount: 5_000_000,
} as const;
