from snapshot.core import Photo
