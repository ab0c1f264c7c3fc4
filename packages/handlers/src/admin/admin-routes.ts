/** What the commands use beside ARM: stored rows, tables, machines and faults. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { HandlersContext } from '../context.ts';
import { requireAdmin } from '../control-plane/admin-access.ts';
import { decodeUtf8, parseJsonObject } from '../http/json.ts';
import { toFault } from './fault-request.ts';
import { readRows, tableSummaries } from './row-query.ts';

export function registerAdmin(app: FastifyInstance, context: HandlersContext): void {
  void app.register(
    (scope, _options, done) => {
      scope.addHook('onRequest', (request) => requireAdmin(request, context));
      scope.get('/rows', (request) => readRows(request, context));
      scope.get('/tables', async () => ({ value: await tableSummaries(context) }));
      scope.get('/machines', async () => {
        const machines = await context.store.listResources({ kind: 'machine' });
        return { value: machines.map(({ id, name }) => ({ id, name })) };
      });
      scope.get('/faults', async () => ({ value: context.faults.list() }));
      scope.put('/faults', async (request) => context.faults.add(toFault(bodyOf(request))));
      scope.delete('/faults', async (_request, reply) => {
        context.faults.clear();
        return reply.code(204).send();
      });
      done();
    },
    { prefix: '/admin' },
  );
}

function bodyOf(request: FastifyRequest) {
  return parseJsonObject(decodeUtf8((request.body as Buffer | undefined) ?? new Uint8Array()));
}
