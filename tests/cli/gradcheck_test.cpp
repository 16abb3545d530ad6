#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "tool.hpp"

namespace fallline::test {
namespace {

using nlohmann::json;

TEST(Gradcheck, PassesOnASmallSetAndPrintsTheKeysThatScriptsRelyOn) {
  const Tool tool;
  const std::string set = tool.small_set();
  for (const char* loss : {"softmax", "hinge", "squared-hinge"}) {
    const Outcome outcome = tool({"gradcheck", set, "--loss", loss, "--l2", "0.1", "--coordinates",
                                  "200", "--format", "json"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const json found = json::parse(outcome.out, nullptr, false);
    EXPECT_EQ(found["verdict"], "pass") << loss;
    EXPECT_EQ(found["checked"], 210);
    EXPECT_EQ(found["failed"], 0);
    EXPECT_LE(found["worst_error"], 1e-6);
    EXPECT_LE(found["float_kernels"], 1e-4);
    EXPECT_LE(found["integer_kernels"], 1e-2);
    EXPECT_GT(found["naive_seconds"], 0);
    EXPECT_EQ(found["worst"].size(), 5U);
  }
}

TEST(Gradcheck, TextNamesTheWorstCoordinatesAndTheCost) {
  const Tool tool;
  const Outcome outcome = tool({"gradcheck", tool.small_set(), "--coordinates", "100", "-q"});
  EXPECT_EQ(outcome.status, 0);
  for (const char* words : {"worst", "verdict   pass", "cost", "kernels", "b[", "|a - n|"})
    EXPECT_NE(outcome.out.find(words), std::string::npos) << words << outcome.out;
}

TEST(Gradcheck, ADifferenceThatIsTooCoarseFailsWithOne) {
  const Tool tool;
  const std::string set = tool.small_set();
  const Outcome outcome = tool({"gradcheck", set, "--coordinates", "50", "--step", "3", "-q"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.out.find("verdict   fail"), std::string::npos) << outcome.out;
  // At kinks nothing can be said.
  EXPECT_EQ(tool({"gradcheck", set, "--coordinates", "50", "--step", "3", "--loss", "hinge", "-q"})
                .status,
            0);
}

TEST(Gradcheck, RefusesWhatItDoesNotUnderstand) {
  const Tool tool;
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--step", "-1"},
                                                {"--tolerance", "0"},
                                                {"--loss", "huber"},
                                                {"--coordinates", "0"}}) {
    std::vector<std::string> all{"gradcheck"};
    all.insert(all.end(), words.begin(), words.end());
    EXPECT_EQ(tool(all).status, 2) << words[0];
  }
}

TEST(Gradcheck, OnRealCifarEveryLossPasses) {
  const char* real = std::getenv("FALLLINE_TEST_DATA");
  if (real == nullptr) GTEST_SKIP() << "FALLLINE_TEST_DATA names no directory with CIFAR-10";
  const Tool tool;
  for (const char* loss : {"softmax", "hinge", "squared-hinge"}) {
    const Outcome outcome =
        tool({"gradcheck", std::string(real) + "/cifar-10-batches-bin", "--loss", loss, "--l2",
              "0.01", "--l1", "0.01", "--coordinates", "100", "--format", "json", "-q"});
    ASSERT_EQ(outcome.status, 0) << outcome.err;
    const json found = json::parse(outcome.out, nullptr, false);
    EXPECT_EQ(found["verdict"], "pass") << loss << outcome.out;
    EXPECT_LE(found["worst_error"], 1e-6) << loss;
  }
}

}  // namespace
}  // namespace fallline::test
