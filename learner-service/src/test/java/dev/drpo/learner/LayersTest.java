package dev.drpo.learner;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Arrows point down: what learns knows nothing of what it is called from. */
@AnalyzeClasses(packages = "dev.drpo.learner", importOptions = ImportOption.DoNotIncludeTests.class)
class LayersTest {
  @ArchTest
  static final ArchRule theDomainKnowsNeitherFrameworksNorTransports =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.drpo.learner.step..",
              "dev.drpo.learner.data..",
              "dev.drpo.learner.counts..",
              "dev.drpo.learner.checkpoint..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.quarkus..",
              "io.grpc..",
              "io.smallrye..",
              "jakarta..",
              "org.apache.kafka..",
              "dev.drpo.proto..",
              "dev.drpo.runtime.messaging..");

  @ArchTest
  static final ArchRule theTensorLibraryIsSeenByTheRunOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.drpo.learner.run..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..");

  @ArchTest
  static final ArchRule inTheRunTheTensorLibraryIsSeenByWhatOpensItOnly =
      noClasses()
          .that()
          .resideInAPackage("dev.drpo.learner.run..")
          .and()
          .doNotHaveSimpleName("TrainingDevices")
          .and()
          .doNotHaveSimpleName("RunVersions")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..");

  @ArchTest
  static final ArchRule theFrameworkIsSeenByTheServiceEdgeOnly =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.drpo.learner.service..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.quarkus..", "jakarta..", "io.micrometer..", "io.grpc..");

  @ArchTest
  static final ArchRule noCycleOfPackages =
      slices().matching("dev.drpo.(**)").should().beFreeOfCycles();
}
