#include <algorithm>
#include <cmath>
#include <fallline/model/templates.hpp>

namespace fallline {
namespace {

/// Feature d of a picture as its place in interleaved pixels.
std::size_t interleaved(std::size_t d, const ImageShape& shape) {
  if (shape.interleaved) return d;
  const std::size_t area = shape.height * shape.width;
  return (d % area) * shape.channels + d / area;
}

Picture template_of(std::span<const float> weights, std::span<const float> scale,
                    const ImageShape& shape) {
  Picture picture{.height = shape.height,
                  .width = shape.width,
                  .channels = shape.channels,
                  .pixels = std::vector<std::uint8_t>(weights.size())};
  float largest = 0;
  for (std::size_t d = 0; d < weights.size(); ++d)
    largest = std::max(largest, std::abs(weights[d] * scale[d]));
  for (std::size_t d = 0; d < weights.size(); ++d) {
    const float share = largest > 0 ? weights[d] * scale[d] / largest : 0;
    picture.pixels[interleaved(d, shape)] =
        static_cast<std::uint8_t>(std::lround(127.5F + 127.5F * share));
  }
  return picture;
}

}  // namespace

std::vector<Picture> weight_templates(const Classifier& model) {
  if (!model.schema.shape ||
      (model.schema.shape->channels != 1 && model.schema.shape->channels != 3))
    return {};
  // Of a network the first units that read the pictures.
  constexpr std::size_t most_units = 60;
  const std::size_t features = model.features();
  const std::size_t units =
      model.network.linear() ? model.classes() : std::min(most_units, model.network.input_units());
  std::vector<Picture> pictures;
  for (std::size_t c = 0; c < units; ++c)
    pictures.push_back(template_of(std::span(model.parameters).subspan(c * features, features),
                                   model.preprocessing.scale, *model.schema.shape));
  return pictures;
}

}  // namespace fallline
