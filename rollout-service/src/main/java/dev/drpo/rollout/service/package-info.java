/** The Quarkus edge: start and stop, gRPC, health and metrics over the plain replica. */
package dev.drpo.rollout.service;
