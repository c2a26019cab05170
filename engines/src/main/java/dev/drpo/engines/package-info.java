/**
 * Generation by a server of another project, vLLM or SGLang, behind the interface of the embedded
 * engine: one request for each response, tokens in and tokens with their log-probabilities out, and
 * a folder for each version of the weights. Plain Java above the JDK's HTTP client.
 */
package dev.drpo.engines;
