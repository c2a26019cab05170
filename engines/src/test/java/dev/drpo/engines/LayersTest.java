package dev.drpo.engines;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Arrows point down: servers of others are asked by plain Java. */
@AnalyzeClasses(packages = "dev.drpo.engines", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
  @ArchTest
  static final ArchRule neitherFrameworksNorTensorsNorTheRunAreSeen =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.quarkus..",
              "io.grpc..",
              "io.micrometer..",
              "jakarta..",
              "org.apache.kafka..",
              "ai.djl..",
              "dev.drpo.proto..",
              "dev.drpo.runtime..");
}
