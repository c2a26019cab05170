package dev.drpo.engines;

import java.util.List;

/**
 * What a fake server was asked, whatever its protocol.
 *
 * @param id the caller's name for the request
 */
record Spoken(
    String id,
    List<Integer> prompt,
    int budget,
    double temperature,
    long seed,
    List<Integer> ends) {}
