/** What of a training step is not the model's: the broker, the queues, the judge, the records. */
package dev.drpo.benchmarks.pipeline;
