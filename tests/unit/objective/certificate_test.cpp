#include <gtest/gtest.h>

#include <cmath>
#include <fallline/error.hpp>
#include <fallline/objective/certificate.hpp>
#include <fallline/objective/reference_objective.hpp>
#include <fallline/optim/minimize.hpp>
#include <numeric>
#include <vector>

#include "objective/dual_pass.hpp"
#include "support/datasets.hpp"
#include "support/every_loss.hpp"
#include "support/refusal.hpp"
#include "support/same_bits.hpp"

namespace fallline {
namespace {

using test::random_vector;

struct CertifiedProblem {
  CertifiedProblem(LossKind kind, std::uint64_t seed, std::size_t n = 60, std::size_t features = 8,
                   std::size_t classes = 3, double l2 = 0.05)
      : data(test::random_dataset(n, features, classes, CellType::f32, seed)),
        loss{.kind = kind},
        penalty{.l2 = l2},
        objective(data, preprocessing, loss, penalty) {}

  [[nodiscard]] double value(std::span<const double> w) const {
    return objective.value(w, test::indices(data.size())).objective();
  }
  [[nodiscard]] Certificate certify(std::span<const double> w,
                                    const CertificateOptions& options = {}) {
    return fallline::certify(data, preprocessing, loss, penalty, w, workers, options);
  }
  /// By L-BFGS, of a smooth loss.
  [[nodiscard]] std::vector<double> minimum() const {
    const auto f = [&](std::span<const double> w, std::span<double> g) {
      return objective.value_and_gradient(w, test::indices(data.size()), g).objective();
    };
    return minimize(f, std::vector<double>(objective.parameters()), Lbfgs{},
                    {.max_steps = 3000, .gradient_tolerance = 1e-11})
        .w;
  }
  [[nodiscard]] std::vector<double> near(std::vector<double> w, double distance,
                                         std::uint64_t seed) const {
    const auto noise = random_vector<double>(w.size(), distance, seed);
    for (std::size_t i = 0; i < w.size(); ++i) w[i] += noise[i];
    return w;
  }

  Workers workers{2};
  Dataset data;
  Preprocessing preprocessing = Preprocessing::fit(PreprocessingKind::feature, data, workers);
  Loss loss;
  Penalty penalty;
  ReferenceObjective objective;
};

double dot(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

TEST(DualTerm, MeetsTheLossWhereItsSlopesAreAndIsBelowItElsewhere) {
  for (const LossKind kind : test::every_loss)
    for (const double mu : {0.0, 0.5})
      for (std::size_t y = 0; y < 4; ++y) {
        const Loss loss{.kind = kind};
        const auto f = random_vector<double>(4, 1.5, 7 + y);
        std::vector<double> a(4);
        const DualTerm term = dual_term(loss, f, y, mu, a);
        EXPECT_LE(std::abs(std::accumulate(a.begin(), a.end(), 0.0)), 1e-14);
        const bool rounded = mu > 0 && kind == LossKind::hinge;
        EXPECT_TRUE(rounded || std::abs(term.loss + term.conjugate - dot(a, f)) <= 1e-13);
        EXPECT_TRUE(!rounded || term.rounded <= term.loss);
        for (std::uint64_t seed = 1; seed <= 50; ++seed) {
          const auto other = random_vector<double>(4, 3, 100 + seed);
          EXPECT_GE(loss(std::span<const double>(other), y), dot(a, other) - term.conjugate - 1e-13)
              << name_of(kind);
        }
      }
}

TEST(DualPass, ItsObjectiveAndGradientAreThoseOfTheReference) {
  for (const LossKind kind : test::every_loss) {
    CertifiedProblem p(kind, 3);
    const auto w = random_vector<double>(p.objective.parameters(), 0.3);
    std::vector<double> wanted(w.size());
    std::vector<double> found(w.size());
    const double value =
        p.objective.value_and_gradient(w, test::indices(p.data.size()), wanted).objective();
    DualPass pass(p.data, p.preprocessing, p.loss, p.penalty.l2, p.workers);
    const DualPass::Values got = pass(w, 0, found);
    EXPECT_LE(std::abs(got.objective - value), 1e-12 * value);
    EXPECT_EQ(got.rounded, got.objective);
    EXPECT_LE(test::relative_distance(found, wanted), 1e-12);
  }
}

TEST(DualPass, TheBoundIsBelowTheObjectiveOfAnyWeights) {
  for (const LossKind kind : test::every_loss)
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      CertifiedProblem p(kind, seed);
      DualPass pass(p.data, p.preprocessing, p.loss, p.penalty.l2, p.workers);
      std::vector<double> g(p.objective.parameters());
      // From weights anywhere, whose slopes do not add up to nothing.
      const double bound = pass(random_vector<double>(g.size(), 0.5, seed), 0.3, g).bound;
      ASSERT_TRUE(std::isfinite(bound));
      for (std::uint64_t other = 1; other <= 20; ++other)
        EXPECT_LE(bound, p.value(random_vector<double>(g.size(), 0.02 * double(other), other)));
    }
}

TEST(Certificate, OfTenSmoothProblemsIsNeverBelowTheDistanceAndWithinTenOfIt) {
  for (const LossKind kind : {LossKind::softmax, LossKind::squared_hinge})
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      CertifiedProblem p(kind, seed);
      const std::vector<double> best = p.minimum();
      const double lowest = p.value(best);
      for (const double distance : {1.0, 0.1, 0.01, 1e-3}) {
        const std::vector<double> w = p.near(best, distance, seed);
        const double gap = p.value(w) - lowest;
        const Certificate found = p.certify(w);
        const double rounding = 1e-13 * (1 + p.value(w));
        EXPECT_GE(found.at_most(), gap - rounding) << name_of(kind) << " " << distance;
        EXPECT_LE(found.at_least(), gap + 1e-10) << name_of(kind) << " " << distance;
        EXPECT_LE(found.at_most(), 10 * gap + rounding) << name_of(kind) << " " << distance;
        EXPECT_LE(found.evaluations, 61U);
      }
    }
}

TEST(Certificate, OfTenHingeProblemsHoldsTheMinimumFromBothSides) {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    CertifiedProblem p(LossKind::hinge, seed);
    const std::vector<double> zero(p.objective.parameters());
    // The minimum between two bounds that long runs leave.
    const Certificate close = p.certify(zero, {.evaluations = 4000, .factor = 1 + 1e-5});
    ASSERT_LE(close.lowest - close.bound, 1e-3 * close.lowest);
    for (const double distance : {1.0, 0.1}) {
      const std::vector<double> w = p.near(zero, distance, seed);
      const Certificate found = p.certify(w);
      EXPECT_LE(found.bound, close.lowest);
      EXPECT_GE(found.at_most(), p.value(w) - close.lowest);
      EXPECT_LE(found.at_most(), 10 * (p.value(w) - close.lowest)) << distance;
      EXPECT_LE(found.at_least(), p.value(w) - close.bound);
    }
  }
}

TEST(Certificate, TheThreadsDoNotChangeABit) {
  for (const LossKind kind : test::every_loss) {
    CertifiedProblem p(kind, 2, 500, 30, 4);
    const auto w = random_vector<double>(p.objective.parameters(), 0.1);
    std::vector<double> found;
    for (const std::size_t threads : {1, 2, 3, 7}) {
      Workers workers(threads);
      const Certificate c = certify(p.data, p.preprocessing, p.loss, p.penalty, w, workers);
      found.insert(found.end(), {c.objective, c.bound, c.lowest});
    }
    for (std::size_t i = 3; i < found.size(); ++i) EXPECT_EQ(found[i], found[i % 3]);
  }
}

TEST(Certificate, RefusesWhatItCannotBound) {
  CertifiedProblem p(LossKind::softmax, 1);
  std::vector<double> w(p.objective.parameters());
  const auto refused = [&](const Penalty& penalty, std::span<const double> at,
                           const CertificateOptions& options = {}) {
    const Error error = test::refusal(
        [&] { return certify(p.data, p.preprocessing, p.loss, penalty, at, p.workers, options); });
    EXPECT_EQ(error.kind(), ErrorKind::usage);
    return std::string(error.what());
  };
  EXPECT_NE(refused({}, w).find("L2 penalty"), std::string::npos);
  EXPECT_NE(refused({.l2 = 1, .l1 = 1}, w).find("L1 penalty"), std::string::npos);
  EXPECT_NE(refused({.l2 = 1}, std::span(w).first(3)).find("3 weights"), std::string::npos);
  (void)refused({.l2 = 1}, w, {.evaluations = 0});
  (void)refused({.l2 = 1}, w, {.factor = 1});
  w[0] = NAN;
  EXPECT_NE(refused({.l2 = 1}, w).find("not finite"), std::string::npos);
}

}  // namespace
}  // namespace fallline
