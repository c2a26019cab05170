package dev.drpo.cli.process;

/**
 * TCP ports that a service is told to listen on.
 *
 * @param http for health, metrics and JSON
 * @param grpc for gRPC
 */
public record Ports(int http, int grpc) {}
