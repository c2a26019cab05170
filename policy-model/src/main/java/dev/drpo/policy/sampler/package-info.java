/** Drawing responses: KV caches, decode steps, the law of sampling. */
package dev.drpo.policy.sampler;
