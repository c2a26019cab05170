package dev.drpo.engines;

import java.util.concurrent.CompletableFuture;

/**
 * A segment on its way.
 *
 * @param result fails with an {@link EngineTroubleException}, a {@link BadAnswerException} or a
 *     {@link RefusedByEngineException}
 * @param cancel drops the connection and has the server forget the request
 */
record Generation(CompletableFuture<Segment> result, Runnable cancel) {}
