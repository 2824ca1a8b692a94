/**
 * Loads gRPC, an optional dependency.
 *
 * @throws an error that says what to install, where it is absent
 */
export async function loadGrpc(): Promise<typeof import('@grpc/grpc-js')> {
  try {
    return await import('@grpc/grpc-js');
  } catch (cause) {
    throw new Error('OTLP over gRPC needs a package that is not there: npm install @grpc/grpc-js', { cause });
  }
}
