#include <gtest/gtest.h>

#include <fallline/model/onnx.hpp>
#include <fstream>
#include <iterator>
#include <string>

#include "model/protobuf.hpp"
#include "support/datasets.hpp"
#include "support/scratch.hpp"

namespace fallline {
namespace {

TEST(Protobuf, FieldsAreTheBytesOfTheSpecification) {
  // The examples of protobuf.dev, "Encoding": a = 150; b = "testing"; and a float.
  EXPECT_EQ(Message().integer(1, 150).bytes(), std::string("\x08\x96\x01", 3));
  EXPECT_EQ(Message().text(2, "testing").bytes(), "\x12\x07testing");
  EXPECT_EQ(Message().message(3, Message().integer(1, 150)).bytes(), "\x1a\x03\x08\x96\x01");
  EXPECT_EQ(Message().number(4, 1).bytes(), std::string("\x25\x00\x00\x80\x3f", 5));
}

// That another runtime computes the same with it is tests/onnx.
TEST(Onnx, TheSameModelGivesTheSameBytesAndNamesItsOperators) {
  const test::Scratch scratch;
  Classifier model{.network = Network::parse("mlp:4,4,activation=gelu,skip=1", 3, 2),
                   .preprocessing = Preprocessing::identity(3),
                   .schema = {.class_names = {"a", "b"}}};
  model.parameters = test::random_vector<float>(model.network.parameters(), 1);
  const auto bytes = [&](const char* name) {
    save_onnx(model, scratch / name);
    std::ifstream in(scratch / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  const std::string once = bytes("a.onnx");
  EXPECT_EQ(bytes("b.onnx"), once);
  for (const char* word :
       {"fallline", "features", "Gemm", "Erf", "Add", "Softmax", "probabilities"})
    EXPECT_NE(once.find(word), std::string::npos) << word;
  model.loss.kind = LossKind::hinge;
  EXPECT_EQ(bytes("c.onnx").find("probabilities"), std::string::npos);
}

}  // namespace
}  // namespace fallline
