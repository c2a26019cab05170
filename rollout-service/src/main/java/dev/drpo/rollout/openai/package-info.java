/**
 * The OpenAI API's completions and chat completions in terms of the engine: reads requests, follows
 * the choices as they are sampled, and writes answers. Knows JSON, but not HTTP.
 */
package dev.drpo.rollout.openai;
