#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <fallline/error.hpp>
#include <fallline/model/model_file.hpp>
#include <string>

#include "support/datasets.hpp"
#include "support/scratch.hpp"

namespace fallline {
namespace {

Classifier small_model() {
  Classifier model{.network = Network(3, 4), .parameters = test::random_vector<float>(15, 1)};
  model.preprocessing = {
      .kind = PreprocessingKind::feature, .mean = {1, 2, 3, 4}, .scale = {0.5F, 0, 2, 1e-30F}};
  model.loss = {.kind = LossKind::squared_hinge, .delta = 0.1};
  model.penalty = {.l2 = 1e-5, .l1 = 0.3};
  model.schema.class_names = {"a \"quoted\" name", "-1", "größe"};
  model.schema.feature_names = {"p", "q", "r", "s"};
  model.schema.shape = ImageShape{.channels = 1, .height = 2, .width = 2};
  return model;
}

TEST(ModelFile, ReadsBackToTheBitWhatWasWritten) {
  const test::Scratch scratch;
  const Classifier model = small_model();
  save_model(model, scratch / "model.safetensors");
  for (const auto& path : {scratch / "model.safetensors", scratch.path()}) {
    const Classifier read = load_model(path);
    EXPECT_EQ(read.weights_hash(), model.weights_hash());
    EXPECT_EQ(read.preprocessing, model.preprocessing);
    EXPECT_EQ(read.loss, model.loss);
    EXPECT_EQ(read.penalty, model.penalty);
    EXPECT_EQ(read.schema.class_names, model.schema.class_names);
    EXPECT_EQ(read.schema.feature_names, model.schema.feature_names);
    EXPECT_EQ(read.schema.shape, model.schema.shape);
  }
}

TEST(ModelFile, TheSameModelGivesTheSameBytes) {
  const test::Scratch scratch;
  save_model(small_model(), scratch / "a");
  save_model(small_model(), scratch / "b");
  EXPECT_EQ(test::content(scratch / "a"), test::content(scratch / "b"));
}

TEST(ModelFile, TruncatedAnywhereItIsRefused) {
  const test::Scratch scratch;
  save_model(small_model(), scratch / "model");
  const std::string whole = test::content(scratch / "model");
  // Every byte of the length, the end of the header, and a prime stride through the rest.
  for (std::size_t n = 0; n < whole.size(); n += n < 16 || whole.size() - n < 16 ? 1 : 7) {
    const auto path = scratch.file("part", whole.substr(0, n));
    try {
      (void)load_model(path);
      FAIL() << "the first " << n << " bytes were accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bad_input) << n << error.what();
    }
  }
}

TEST(ModelFile, AnyOneByteChangedItIsReadOrRefusedButNeverCrashes) {
  const test::Scratch scratch;
  save_model(small_model(), scratch / "model");
  const std::string whole = test::content(scratch / "model");
  constexpr std::array bytes{'\0', '9', '"', '\x7f', '\xff'};
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] = bytes[i % bytes.size()];
    try {
      (void)load_model(scratch.file("changed", changed));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::bad_input) << i << error.what();
    }
  }
}

std::string with_header(const std::string& header) {
  const std::uint64_t length = header.size();
  std::string file(8, '\0');
  std::memcpy(file.data(), &length, 8);
  return file + header;
}

TEST(ModelFile, HostileHeadersAreRefused) {
  const test::Scratch scratch;
  const std::string meta =
      R"("__metadata__":{"format":"fallline","version":"1","loss":"softmax","delta":"1",)"
      R"("l2":"0","l1":"0","preprocessing":"none","class_names":"[]","feature_names":"[]"})";
  const std::vector<std::string> files{
      "",
      std::string(8, '\xff'),
      with_header("[1]"),
      with_header("{}"),
      with_header(R"({"__metadata__":7})"),
      with_header(R"({"__metadata__":{"format":"other","version":"1"}})"),
      with_header("{" + meta + R"(,"weight":{"dtype":"F32","shape":[4294967296,4294967296],)" +
                  R"("data_offsets":[0,0]}})"),
      with_header("{" + meta + R"(,"weight":{"dtype":"F32","shape":[2,-1],"data_offsets":[0,8]}})"),
      with_header("{" + meta + R"(,"weight":{"dtype":"F64","shape":[0,0],"data_offsets":[0,0]}})"),
      with_header(std::string(100'000, '['))};
  for (const std::string& bytes : files)
    EXPECT_THROW((void)load_model(scratch.file("hostile", bytes)), Error) << bytes.substr(0, 60);
  EXPECT_THROW((void)load_model(scratch / "absent"), Error);
}

}  // namespace
}  // namespace fallline
