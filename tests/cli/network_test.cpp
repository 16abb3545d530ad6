#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tool.hpp"

namespace fallline::test {
namespace {

using nlohmann::json;

constexpr const char* branches_toml =
    "# where branches join\n"
    "layer1 = \"dense(24) of input\"\n"
    "act1 = \"gelu of layer1\"\n"
    "beside = \"dense(24) of input\"\n"
    "sum = \"add of act1, beside\"\n"
    "layer2 = \"dense(classes, glorot) of sum\"\n";

void write(const Tool& tool, const char* name, const std::string& text) {
  std::ofstream(tool.scratch() / name) << text;
}

TEST(NetworkCommand, TrainsEvaluatesAndPredictsFromItsRunDirectory) {
  const Tool tool;
  const std::string set = tool.small_set();
  const json trained = tool.train(
      {set, "--model", "mlp:32,16", "--epochs", "20", "-b", "50", "-o", "run", "--seed", "2"});
  ASSERT_TRUE(trained.is_object());
  EXPECT_EQ(trained["configuration"]["model"], "mlp:32,16");
  EXPECT_EQ(trained["configuration"]["parameters"], 3073 * 32 + 33 * 16 + 17 * 10);
  EXPECT_EQ(trained["layers"].size(), 3U);
  EXPECT_EQ(trained["layers"][0]["units"], 32);
  EXPECT_TRUE(trained["layers"][0]["dead"].is_number());
  EXPECT_GT(trained["test"]["accuracy"], 0.3);
  const Outcome evaluated = tool({"evaluate", "run", "--format", "json", "-q"});
  ASSERT_EQ(evaluated.status, 0) << evaluated.err;
  EXPECT_EQ(json::parse(evaluated.out)["loss"], trained["test"]["loss"]);
  EXPECT_EQ(tool({"predict", "run", "-q"}).status, 0);
  // The run repeats itself from its own configuration.
  EXPECT_EQ(tool.train({"--config", "run/run.toml", "-o", "again"})["weights_hash"],
            trained["weights_hash"]);
}

TEST(NetworkCommand, TheHashIsTheSameForAnyThreads) {
  const Tool tool;
  const std::string set = tool.small_set();
  std::string wanted;
  for (const char* threads : {"1", "2", "3", "7"}) {
    const std::string hash =
        tool.train({set, "--model", "mlp:40,20,dropout=0.2", "--epochs", "2", "-b", "100",
                    "--threads", threads, "-o", std::string("run") + threads})["weights_hash"];
    if (wanted.empty()) wanted = hash;
    EXPECT_EQ(hash, wanted) << threads;
  }
}

TEST(NetworkCommand, AGraphInATomlFileIsKeptInTheRun) {
  const Tool tool;
  const std::string set = tool.small_set();
  write(tool, "branches.toml", branches_toml);
  const json trained = tool.train({set, "--model", "branches.toml", "--epochs", "2", "-o", "run"});
  ASSERT_TRUE(trained.is_object());
  EXPECT_EQ(trained["configuration"]["architecture"],
            "layer1 = dense(24) of input; act1 = gelu of layer1; beside = dense(24) of input; "
            "sum = add of act1, beside; layer2 = dense(classes, glorot) of sum");
  std::filesystem::remove(tool.scratch() / "branches.toml");
  EXPECT_EQ(tool.train({"--config", "run/run.toml", "-o", "again"})["weights_hash"],
            trained["weights_hash"]);
  EXPECT_EQ(tool({"evaluate", "run", "-q"}).status, 0);
}

TEST(NetworkCommand, GradcheckGoesLayerByLayer) {
  const Tool tool;
  const std::string set = tool.small_set();
  write(tool, "branches.toml", branches_toml);
  for (const char* model : {"mlp:20,10", "branches.toml"}) {
    const Outcome outcome = tool({"gradcheck", set, "--model", model, "--coordinates", "80",
                                  "--examples", "8", "--format", "json", "-q"});
    ASSERT_EQ(outcome.status, 0) << outcome.err << outcome.out;
    const json found = json::parse(outcome.out);
    EXPECT_EQ(found["verdict"], "pass");
    EXPECT_LE(found["worst_error"], 1e-6);
    EXPECT_EQ(found["layers"].size(), 5U);
    EXPECT_TRUE(found["wrong_layers"].empty());
    EXPECT_EQ(found["examples"], 8);
  }
  const Outcome text =
      tool({"gradcheck", set, "--model", "mlp:20,10", "--coordinates", "80", "-q"});
  for (const char* words : {"Jacobian of a layer", "layer2, act1", "layer3.bias", "verdict   pass"})
    EXPECT_NE(text.out.find(words), std::string::npos) << words << text.out;
}

TEST(NetworkCommand, ExportWritesAFileOnceAndOnlyOverOneWhenTold) {
  const Tool tool;
  (void)tool.train({tool.small_set(), "--model", "mlp:8", "--epochs", "1", "-o", "run"});
  EXPECT_EQ(tool({"export", "run", "model.onnx"}).status, 0);
  EXPECT_GT(std::filesystem::file_size(tool.scratch() / "model.onnx"), 3073U * 8 * 4);
  const Outcome again = tool({"export", "run", "model.onnx"});
  EXPECT_EQ(again.status, 1);
  EXPECT_NE(again.err.find("there is such a file already"), std::string::npos);
  EXPECT_EQ(tool({"export", "run", "model.onnx", "--overwrite"}).status, 0);
  EXPECT_EQ(tool({"export", "nothing", "other.onnx"}).status, 3);
}

TEST(NetworkCommand, SaysWhatItCannotDo) {
  const Tool tool;
  const std::string set = tool.small_set();
  const auto error = [&](std::vector<std::string> words, int status) {
    const Outcome outcome = tool(std::move(words));
    EXPECT_EQ(outcome.status, status) << outcome.err;
    return outcome.err;
  };
  EXPECT_NE(error({"train", set, "--model", "cnn:3"}, 2).find("there is no model 'cnn:3'"),
            std::string::npos);
  EXPECT_NE(error({"train", set, "--model", "none.toml"}, 3).find("none.toml"), std::string::npos);
  write(tool, "empty.toml", "# nothing\n");
  EXPECT_NE(error({"train", set, "--model", "empty.toml"}, 3).find("it has no layers"),
            std::string::npos);
  write(tool, "wrong.toml", "layer1 = \"dense(3) of nothing\"\n");
  EXPECT_NE(error({"train", set, "--model", "wrong.toml"}, 2).find("there is no layer 'nothing'"),
            std::string::npos);
  EXPECT_NE(error({"train", set, "--model", "mlp:8", "--certificate", "--l2", "0.1"}, 2)
                .find("a certificate needs a linear classifier"),
            std::string::npos);
  EXPECT_NE(error({"train", set, "--model", "mlp:16000000,16000000"}, 5).find("would fit"),
            std::string::npos);
}

TEST(NetworkCommand, SweepsTakeNetworks) {
  const Tool tool;
  const std::string set = tool.small_set();
  const Outcome models =
      tool({"sweep", "train", set, "--model", "linear,mlp:8,activation=tanh,mlp:16", "--epochs",
            "1", "--format", "json", "-q"});
  ASSERT_EQ(models.status, 0) << models.err;
  const json cases = json::parse(models.out)["cases"];
  ASSERT_EQ(cases.size(), 3U);
  EXPECT_EQ(cases[1]["settings"]["model"], "mlp:8,activation=tanh");
  EXPECT_EQ(tool({"sweep", "lr", set, "--model", "mlp:8", "--from", "1e-4", "--to", "1",
                  "--trial-epochs", "1", "-q"})
                .status,
            0);
  EXPECT_EQ(tool({"sweep", "gradient-noise", set, "--model", "mlp:8", "--largest", "64", "--draws",
                  "4", "--copies", "0", "-q"})
                .status,
            0);
}

TEST(NetworkCommand, OnRealCifarTheDefaultsReachHalf) {
  const char* real = std::getenv("FALLLINE_TEST_DATA");
  if (real == nullptr) GTEST_SKIP() << "FALLLINE_TEST_DATA names no directory with CIFAR-10";
  const Tool tool;
  const json trained =
      tool.train({std::string(real) + "/cifar-10-batches-bin", "--model", "mlp:100", "-o", "run"});
  ASSERT_TRUE(trained.is_object());
  EXPECT_GE(trained["test"]["accuracy"], 0.5);
}

}  // namespace
}  // namespace fallline::test
