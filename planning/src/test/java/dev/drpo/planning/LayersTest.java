package dev.drpo.planning;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** A plan is arithmetic over configurations and shapes: nothing is sent, and no tensor is made. */
@AnalyzeClasses(
    packages = "dev.drpo.planning",
    importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
  @ArchTest
  static final ArchRule noFrameworkAndNoTransport =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.quarkus..",
              "io.grpc..",
              "io.smallrye..",
              "io.micrometer..",
              "jakarta..",
              "org.apache.kafka..",
              "dev.drpo.proto..",
              "dev.drpo.runtime.messaging..");

  @ArchTest
  static final ArchRule devicesAreNamedForTheirMemoryOnly =
      noClasses()
          .that()
          .doNotHaveSimpleName("RolloutMemory")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..");

  @ArchTest
  static final ArchRule noCycleOfPackages =
      slices().matching("dev.drpo.(**)").should().beFreeOfCycles();
}
