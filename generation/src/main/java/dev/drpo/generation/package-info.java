/**
 * Generation: groups of responses sampled with continuous batching by one thread that owns the
 * policy. Plain Java above the policy model; knows neither Kafka nor gRPC.
 */
package dev.drpo.generation;
