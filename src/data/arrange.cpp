#include <fmt/format.h>

#include <algorithm>
#include <fallline/data/arrange.hpp>
#include <fallline/error.hpp>
#include <numeric>
#include <utility>

#include "data/listed_names.hpp"
#include "data/number_scale.hpp"

namespace fallline {
namespace {

/// Where each feature of the schema is among those of the data.
using Places = std::vector<std::size_t>;

Places in_order(std::size_t features) {
  Places places(features);
  std::iota(places.begin(), places.end(), std::size_t{0});
  return places;
}

Places by_name(const Dataset& data, const Schema& schema, std::vector<std::string>& notes) {
  Places places = data::places_of(schema.feature_names, data.feature_names(), data.name());
  data::note_columns(data.feature_names(), schema.feature_names, notes);
  return places;
}

std::string text_of(const ImageShape& shape) {
  return fmt::format("{}x{}x{}{}", shape.height, shape.width, shape.channels,
                     shape.channels == 1 ? ""
                     : shape.interleaved ? ", channels last"
                                         : ", channels first");
}

/// Where pixel and channel of the schema's pictures are in those of the data.
Places by_channel(const Dataset& data, const ImageShape& wanted, std::vector<std::string>& notes) {
  const ImageShape& shape = *data.shape();
  const std::size_t pixels = shape.height * shape.width;
  ImageShape other = wanted;
  other.interleaved = shape.interleaved;
  if (other != shape)
    throw bad_input({.file = data.name()},
                    fmt::format("its pictures are {}, where the model has learned from {}",
                                text_of(shape), text_of(wanted)),
                    "give pictures of the size that the model was trained on");
  Places places(shape.features());
  for (std::size_t p = 0; p < pixels; ++p)
    for (std::size_t c = 0; c < shape.channels; ++c)
      places[wanted.interleaved ? p * shape.channels + c : c * pixels + p] =
          shape.interleaved ? p * shape.channels + c : c * pixels + p;
  notes.push_back(fmt::format("the pictures are {}, and are brought into the model's order, {}",
                              text_of(shape), text_of(wanted)));
  return places;
}

/// Features of a sparse file have their index for a name.
Places by_index(const Dataset& data, const Schema& schema, std::vector<std::string>& notes) {
  const IndexBase base = *data.index_base();
  if (base.first != schema.index_base->first && !base.told)
    throw bad_input({.file = data.name()},
                    fmt::format("was read with indices from {}, where the model's count from {}",
                                base.first, schema.index_base->first),
                    "open it with the model's schema, or say what its indices count from");
  if (data.features() > schema.features)
    notes.push_back(fmt::format("the {} features behind the model's {} are left out",
                                data.features() - schema.features, schema.features));
  Places places(schema.features, Dataset::no_place);
  const std::size_t both = std::min(data.features(), schema.features);
  std::iota(places.begin(), places.begin() + static_cast<std::ptrdiff_t>(both), std::size_t{0});
  return places;
}

void require_as_many(const Dataset& data, const Schema& schema) {
  if (data.features() == schema.features) return;
  throw bad_input({.file = data.name()},
                  fmt::format("{} features an example, where the model has {}", data.features(),
                              schema.features),
                  "give examples of the kind the model was trained on");
}

void note_by_place(const Dataset& data, const Schema& schema, std::vector<std::string>& notes) {
  if (schema.feature_names.empty() != data.feature_names().empty())
    notes.emplace_back(schema.feature_names.empty()
                           ? "the model knows no names: columns are taken by their places"
                           : "the data name no features: they are taken in the model's order");
  if (schema.shape && !data.shape())
    notes.push_back(
        fmt::format("the model was trained on pictures of {}: the features are taken "
                    "for those in that order",
                    text_of(*schema.shape)));
}

Places places_in(const Dataset& data, const Schema& schema, std::vector<std::string>& notes) {
  if (!schema.feature_names.empty() && !data.feature_names().empty()) {
    if (data.feature_names() == schema.feature_names) return in_order(schema.features);
    return by_name(data, schema, notes);
  }
  if (schema.index_base && data.index_base()) return by_index(data, schema, notes);
  require_as_many(data, schema);
  if (schema.shape && data.shape() && *schema.shape != *data.shape())
    return by_channel(data, *schema.shape, notes);
  note_by_place(data, schema, notes);
  return in_order(schema.features);
}

}  // namespace

Arranged arrange(const Dataset& data, const Schema& schema) {
  Arranged arranged;
  const Places places = places_in(data, schema, arranged.notes);
  data::note_scale(data, schema.scale, arranged.notes);
  const bool unchanged = places.size() == data.features() && places == in_order(data.features()) &&
                         (schema.feature_names.empty() || !data.feature_names().empty());
  arranged.data = unchanged ? data : data.with_features(places, schema);
  return arranged;
}

void require_same(const Schema& a, const Schema& b, const std::string& one,
                  const std::string& other) {
  const auto refuse = [&](const char* what) {
    return bad_input({.file = other},
                     fmt::format("its {} are not those of {} in the same order, so that their "
                                 "weights do not stand for the same",
                                 what, one),
                     "give models that were trained on data of one kind");
  };
  const bool named = !a.feature_names.empty() && !b.feature_names.empty();
  if (a.features != b.features || (named && a.feature_names != b.feature_names))
    throw refuse("features");
  if (a.shape && b.shape && a.shape != b.shape) throw refuse("pictures");
  if (a.index_base && b.index_base && a.index_base->first != b.index_base->first)
    throw refuse("indices");
  if (a.class_names != b.class_names) throw refuse("classes");
}

}  // namespace fallline
