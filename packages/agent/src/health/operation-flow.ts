/** Whether a flow carries the agent's own `Operation` rows; `compilePlan` gives it its name. */
export function isOperationFlow(flow: string): boolean {
  return flow.endsWith('/operation');
}
