// What FHIR's libraries for JavaScript do first, against a running service:
// node smoke.mjs http://localhost:8080/fhir TOKEN (of a hospital's client that has Tasks)
import assert from 'node:assert/strict';
import * as kit from 'fhir-kit-client';
import FHIR from 'fhirclient';

// Before Node 22 there is no WebSocket, which this one only looks for.
globalThis.WebSocket ??= class {};
const { MedplumClient } = await import('@medplum/core');

const [base, token] = process.argv.slice(2);

async function fhirKit() {
  const Client = kit.Client ?? kit.default?.Client ?? kit.default;
  const client = new Client({ baseUrl: base, bearerToken: token });
  const statement = await client.capabilityStatement();
  assert.equal(statement.fhirVersion, '4.0.1');
  const page = await client.search({ resourceType: 'Task', searchParams: { _count: 2 } });
  assert.equal(page.entry.length, 2);
  const next = await client.nextPage({ bundle: page });
  assert.ok(next.entry.length > 0);
  const id = page.entry[0].resource.id;
  const task = await client.read({ resourceType: 'Task', id });
  assert.equal(task.id, id);
  const version = await client.vread({ resourceType: 'Task', id, version: '1' });
  assert.equal(version.meta.versionId, '1');
  const history = await client.history({ resourceType: 'Task', id });
  assert.equal(history.type, 'history');
  const batch = await client.batch({
    body: {
      resourceType: 'Bundle',
      type: 'batch',
      entry: [{ request: { method: 'GET', url: `Task/${id}` } }],
    },
  });
  assert.equal(batch.entry[0].response.status, '200');
  const judged = await client.operation({
    name: 'validate',
    resourceType: 'Patient',
    method: 'POST',
    input: { resourceType: 'Patient', gender: 'unknown' },
  });
  assert.equal(judged.resourceType, 'OperationOutcome');
  await assert.rejects(client.read({ resourceType: 'Task', id: 'none' }));
}

async function smart() {
  const client = FHIR({}, {}).client({
    serverUrl: base,
    tokenResponse: { access_token: token, token_type: 'Bearer' },
  });
  const tasks = await client.request('Task?_count=2', { pageLimit: 2, flat: true });
  assert.ok(tasks.length > 2);
  const task = await client.request(`Task/${tasks[0].id}`);
  assert.equal(task.resourceType, 'Task');
  const codes = await client.request('CodeSystem/problem');
  assert.equal(codes.resourceType, 'CodeSystem');
}

async function medplum() {
  const client = new MedplumClient({
    baseUrl: `${new URL(base).origin}/`,
    fhirUrlPath: 'fhir',
    accessToken: token,
    fetch: globalThis.fetch,
  });
  const tasks = await client.searchResources('Task', { _count: 2 });
  assert.equal(tasks.length, 2);
  const task = await client.readResource('Task', tasks[0].id);
  assert.equal(task.id, tasks[0].id);
  let seen = 0;
  for await (const page of client.searchResourcePages('Task', { _count: 2 })) {
    seen += page.length;
    if (seen > 2) {
      break;
    }
  }
  assert.ok(seen > 2);
  const batch = await client.executeBatch({
    resourceType: 'Bundle',
    type: 'batch',
    entry: [{ request: { method: 'GET', url: 'Task?_count=1' } }],
  });
  assert.equal(batch.type, 'batch-response');
}

for (const [name, run] of Object.entries({ 'fhir-kit-client': fhirKit, fhirclient: smart, '@medplum/core': medplum })) {
  await run();
  console.log(`${name}: works`);
}
process.exit(0);
